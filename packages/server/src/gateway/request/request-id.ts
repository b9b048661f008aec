import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Accepted ids of callers: short and plain, so that they cannot break a log or a header. */
const ACCEPTED = /^[A-Za-z0-9._~:+/=-]{1,128}$/

/** Assigns an id to every request: a random prefix per process, and a number. */
export class RequestIds {
  readonly #prefix = `${randomBytes(6).toString('base64url')}-`
  #count = 0

  /** The caller's `x-request-id` if it is acceptable, otherwise a new id. */
  of(request: IncomingMessage): string {
    return idIn(request, 'x-request-id') ?? this.fresh()
  }

  fresh(): string {
    this.#count += 1
    return this.#prefix + this.#count.toString(36)
  }
}

/** The id in a header of a request, if there is one that is acceptable. @param name in lower case */
export function idIn({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const given = headers[name]
  return typeof given === 'string' && ACCEPTED.test(given) ? given : undefined
}
