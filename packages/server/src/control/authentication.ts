import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import { authenticate, KeyActor } from '../app/access/authenticate.ts'
import type { MemberActor } from '../app/access/authenticate-session.ts'
import { reference } from '../contract/fields/names.ts'
import type { ControlApp } from './routing/control-app.ts'
import type { ControlDeps } from './routing/dependencies.ts'
import { headerLines } from './header-lines.ts'
import type { FailedCredentials } from './routing/failed-attempts.ts'
import type { KeyRateLimits } from './routing/key-rate-limits.ts'
import { renewActor } from './routing/renew-actor.ts'
import type { WebSessions } from './sessions/web-sessions.ts'

/** RFC 6750 section 2.1; the scheme's name has no case (RFC 9110 section 11.1). */
const BEARER = /^bearer +(\S+)$/i

/**
 * Requires a valid key, or else the session of a person, on every request to the routes of this app, before the body is
 * read. The address rules and the rate limits of a key apply.
 */
export function requireActor(
  app: ControlApp,
  { store, nowMs, importedKeyId }: Pick<ControlDeps, 'store' | 'nowMs' | 'importedKeyId'>,
  failures: FailedCredentials,
  sessions: WebSessions,
  limits: KeyRateLimits,
): void {
  const identify = async (request: FastifyRequest): Promise<KeyActor | MemberActor> => {
    const organization = organizationOf(request)
    const hasSession = sessions.isActing(request)
    const token = hasSession ? '' : bearerToken(request)
    try {
      return hasSession
        ? await sessions.authenticate(request, organization)
        : await authenticate({ store, nowMs, importedKeyId }, token, request.ip, organization)
    } catch (error) {
      // Counts wrong credentials only: an outage is not the caller's failure.
      if (error instanceof Problem && error.code === 'unauthenticated') await failures.count(request, token)
      throw error
    }
  }
  app.addHook('onRequest', async (request, reply) => {
    const actor = await identify(request)
    failures.succeeded()
    request.actor = actor
    if (actor instanceof KeyActor) limits.consume(actor, reply)
  })
  renewActor(app, { store, nowMs })
}

/** No organization has this slug. */
const NO_ORGANIZATION = ''

/**
 * The organization in the path; undefined where there is none. A text that cannot be one is refused later, with the other
 * fields. PostgreSQL would fail at it if it has a NUL.
 */
function organizationOf({ params }: FastifyRequest): string | undefined {
  const { organization } = params as { readonly organization?: string }
  if (organization === undefined || reference.safeParse(organization).success) return organization
  return NO_ORGANIZATION
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
