import { createHash, timingSafeEqual } from 'node:crypto'
import { SESSION_MS_MAX } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import { HostCookie } from './host-cookie.ts'

const SECOND_MS = 1000
/** The header with which a page proves that it can read the answers of this server. */
const CSRF_HEADER = 'x-csrf-token'

/** The cookie that holds the token of a session. */
export class SessionCookie extends HostCookie {
  /** @param publicUrl the URL that browsers know this server by */
  constructor(publicUrl: () => string) {
    super(publicUrl, 'sallyport_session', SESSION_MS_MAX / SECOND_MS)
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
