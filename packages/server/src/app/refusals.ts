import { Problem } from '@sallyport/core'

/** The problem of one field of a request. */
export interface FieldError {
  /** A JSON Pointer (RFC 6901) to the field. */
  readonly path: string
  readonly message: string
}

/** A request with invalid fields, each of them listed. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  return new Problem('invalid_request', { extensions: { errors } })
}

/** @throws Problem `invalid_request` with every error, if there is one */
export function requireNone(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidRequest(errors)
}

/** A valid request that contradicts the current state. */
export function conflict(detail: string, extensions: Readonly<Record<string, unknown>> = {}): Problem {
  return new Problem('conflict', { detail, extensions })
}
