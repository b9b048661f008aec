import { SallyportError } from '@sallyport/sdk'

/** Whether a call failed because nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof SallyportError && error.status === 401 && error.code === 'unauthenticated'
}

/** Whether a call had no answer, or one that something before the server gave. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof SallyportError && (error.status === 0 || error.code === 'unexpected_answer')
}

/** Whether the person may not do it. What they may not know about is 404. */
export function isForbidden(error: unknown): boolean {
  return error instanceof SallyportError && error.status === 403 && error.code === 'permission_missing'
}

export function isNotFound(error: unknown): boolean {
  return error instanceof SallyportError && error.status === 404
}
