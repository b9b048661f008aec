import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import { authenticate } from '../app/access/authenticate.ts'
import type { ControlApp } from './routing/control-app.ts'
import type { ControlDeps } from './routing/dependencies.ts'
import { headerLines } from './header-lines.ts'
import type { FailedAttempts } from './routing/failed-attempts.ts'

/** RFC 6750 section 2.1; the scheme's name has no case (RFC 9110 section 11.1). */
const BEARER = /^bearer +(\S+)$/i

/** Requires a valid key on every request to the routes of this app, before the body is read. */
export function requireKey(
  app: ControlApp,
  { store, nowMs }: Pick<ControlDeps, 'store' | 'nowMs'>,
  failures: FailedAttempts,
): void {
  app.addHook('onRequest', async (request) => {
    const token = bearerToken(request)
    try {
      request.actor = await authenticate({ store, nowMs }, token)
    } catch (error) {
      // Counts wrong credentials only: an outage is not the caller's failure.
      if (error instanceof Problem && error.code === 'unauthenticated') await failures.count(request)
      throw error
    }
  })
}

function bearerToken(request: FastifyRequest): string {
  const sent = headerLines(request.raw, 'authorization')
  if (sent.length > 1) {
    throw new Problem('unauthenticated', { detail: 'Send the header `Authorization` once.' })
  }
  const token = BEARER.exec(sent[0] ?? '')?.[1]
  if (token === undefined) throw new Problem('unauthenticated')
  return token
}
