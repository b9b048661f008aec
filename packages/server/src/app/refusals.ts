import { Problem } from '@sallyport/core'

/** What is wrong with one field of a request. */
export interface FieldError {
  /** A JSON Pointer (RFC 6901) to the field. */
  readonly path: string
  readonly message: string
}

/** A request whose fields cannot be, each of them named. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  return new Problem('invalid_request', { extensions: { errors } })
}

/** @throws Problem `invalid_request` naming every error, where there is one */
export function requireNone(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidRequest(errors)
}

/** A request that was fine in itself, but not with what is there. */
export function conflict(detail: string, extensions: Readonly<Record<string, unknown>> = {}): Problem {
  return new Problem('conflict', { detail, extensions })
}
