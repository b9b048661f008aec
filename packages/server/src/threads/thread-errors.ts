import { Problem } from '@sallyport/core'

/** How many causes of an error are handed over. */
const CAUSES_MAX = 5

/** An error as plain data: a copy that a thread gets has no members of its own, and some members cannot be copied. */
export interface SentError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Texts, numbers and truth values, such as the `code` and `syscall` of a system error. */
  readonly members: Readonly<Record<string, unknown>>
  /** Absent if the error has none. */
  readonly cause?: SentError
  /** Of a `Problem`. */
  readonly problem?: Pick<Problem, 'code' | 'detail'> & { readonly extensions: string }
}

export function sentError(error: unknown, depth = 0): SentError {
  if (!(error instanceof Error)) return sentError(new Error(String(error)), depth)
  const { name, message, stack, cause } = error
  return {
    name,
    message,
    stack,
    members: Object.fromEntries(Object.entries(error).filter(([, value]) => isPlain(value))),
    ...(cause === undefined || depth >= CAUSES_MAX ? {} : { cause: sentError(cause, depth + 1) }),
    ...(error instanceof Problem
      ? { problem: { code: error.code, detail: error.detail, extensions: JSON.stringify(error.extensions) } }
      : {}),
  }
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** The error that was given to `sentError`. */
export function receivedError({ name, message, stack, members, cause, problem }: SentError): Error {
  const options = cause === undefined ? {} : { cause: receivedError(cause) }
  if (problem !== undefined) {
    const { code, detail } = problem
    const extensions = JSON.parse(problem.extensions) as Readonly<Record<string, unknown>>
    return new Problem(code, { detail, extensions, ...options })
  }
  const error = Object.assign(new Error(message, options), members)
  if (name !== error.name) Object.defineProperty(error, 'name', { value: name, configurable: true })
  if (stack !== undefined) error.stack = stack
  return error
}
