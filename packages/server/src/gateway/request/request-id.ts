import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A caller's own id is taken over when it is short and plain, so that it cannot break a log or a header. */
const SANE = /^[A-Za-z0-9._~:+/=-]{1,128}$/

/** Gives every request an id: a prefix that tells processes apart, and a number. */
export class RequestIds {
  readonly #prefix = `${randomBytes(6).toString('base64url')}-`
  #count = 0

  /** The caller's `x-request-id` where it is sane, else a new one. */
  of(request: IncomingMessage): string {
    const given = request.headers['x-request-id']
    return typeof given === 'string' && SANE.test(given) ? given : this.fresh()
  }

  /** A new id. */
  fresh(): string {
    this.#count += 1
    return this.#prefix + this.#count.toString(36)
  }
}
