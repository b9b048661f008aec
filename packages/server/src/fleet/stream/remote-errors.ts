import { Problem, PROBLEMS, type ProblemCode } from '@sallyport/core'

/** An error as a stream carries it: what the other side may know, and nothing else. */
export interface RemoteError {
  readonly code: string
  readonly detail: string
}

export function remoteError(error: unknown): RemoteError {
  const { code, detail } = error instanceof Problem ? error : new Problem('unavailable')
  return { code, detail }
}

/** The error that was sent. A code that this version does not know counts as `unavailable`. */
export function receivedError({ code, detail }: RemoteError): Problem {
  return new Problem(isProblemCode(code) ? code : 'unavailable', { detail })
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
