import { SallyportError } from '@sallyport/sdk'

/** Whether a call failed because the session has ended. */
export function isSignedOut(error: unknown): error is SallyportError {
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

/** Whether a call failed with one of the codes of the catalogue of errors. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof SallyportError && codes.includes(error.code)
}

/** Whether the person must first confirm who they are. */
export function isStepUpRequired(error: unknown): boolean {
  return hasCode(error, 'step_up_required')
}

/**
 * Whether the password is enough to confirm it. It is not for what weakens the second factor, which only the text of the
 * answer says.
 */
export function isPasswordEnough(error: unknown): boolean {
  return !(error instanceof SallyportError && error.detail.includes('password is not enough'))
}

/** Whether the browser or the person has used no passkey: declined, took too long, or none is there. */
export function isPasskeyDeclined(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')
}

/** Whether the authenticator has a passkey of the person already. */
export function isPasskeyKnown(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidStateError'
}
