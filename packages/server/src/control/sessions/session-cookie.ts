import { createHash, timingSafeEqual } from 'node:crypto'
import { SESSION_MS_MAX } from '@sallyport/core'
import type { FastifyReply, FastifyRequest } from 'fastify'

const SECOND_MS = 1000
/** The header with which a page proves that it can read the answers of this server. */
export const CSRF_HEADER = 'x-csrf-token'

/**
 * The cookie that holds the token of a session (RFC 6265bis). Over HTTPS it has the prefix `__Host-`, so that no other
 * host and no path can set or get it. `SameSite=Lax` keeps it from requests of other sites that change something.
 */
export class SessionCookie {
  readonly #publicUrl: () => string

  /** @param publicUrl the URL that browsers know this server by */
  constructor(publicUrl: () => string) {
    this.#publicUrl = publicUrl
  }

  /** The token that a request has; undefined for none. */
  read({ cookies }: Pick<FastifyRequest, 'cookies'>): string | undefined {
    const token = cookies[this.#name()]
    return token === '' ? undefined : token
  }

  set(reply: FastifyReply, token: string): void {
    void reply.setCookie(this.#name(), token, { ...this.#options(), maxAge: SESSION_MS_MAX / SECOND_MS })
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.#name(), this.#options())
  }

  #name(): string {
    return this.#isSecure() ? '__Host-sallyport_session' : 'sallyport_session'
  }

  #isSecure(): boolean {
    return this.#publicUrl().startsWith('https:')
  }

  #options() {
    return { path: '/', httpOnly: true, secure: this.#isSecure(), sameSite: 'lax' } as const
  }
}

/** What a page of this server sends in `x-csrf-token`. It follows from the session, and the session not from it. */
export function csrfToken(sessionToken: string): string {
  return createHash('sha256').update(`csrf ${sessionToken}`).digest('base64url')
}

/** Whether a request has the right `x-csrf-token`; compared in constant time. */
export function hasCsrfToken({ headers }: Pick<FastifyRequest, 'headers'>, sessionToken: string): boolean {
  const sent = Buffer.from(String(headers[CSRF_HEADER] ?? ''))
  const expected = Buffer.from(csrfToken(sessionToken))
  return sent.length === expected.length && timingSafeEqual(sent, expected)
}
