import { Problem } from '@sallyport/core'

/** An error as plain data: the copy of an Error that a thread gets has no members of its own. */
export type SentError =
  | ({ readonly kind: 'problem' } & Pick<Problem, 'code' | 'detail' | 'extensions' | 'cause'>)
  | {
      readonly kind: 'error'
      readonly error: Error
      /** Such as the `code` and `syscall` of a system error. */
      readonly members: Readonly<Record<string, unknown>>
    }

export function sentError(error: unknown): SentError {
  if (error instanceof Problem) {
    const { code, detail, extensions, cause } = error
    return { kind: 'problem', code, detail, extensions, cause }
  }
  if (error instanceof Error)
    return { kind: 'error', error, members: Object.fromEntries(Object.entries(error)) }
  return { kind: 'error', error: new Error(String(error)), members: {} }
}

/** The error that was given to `sentError`. */
export function receivedError(sent: SentError): Error {
  if (sent.kind === 'problem') {
    const { code, detail, extensions, cause } = sent
    return new Problem(code, { detail, extensions, cause })
  }
  return Object.assign(sent.error, sent.members)
}
