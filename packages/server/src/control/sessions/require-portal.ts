import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import { authenticatePortal, PortalActor } from '../../app/portal/portal-actor.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import type { FailedCredentials } from '../routing/failed-attempts.ts'
import type { KeyRateLimits } from '../routing/key-rate-limits.ts'
import { renewActor } from '../routing/renew-actor.ts'
import { requireOwnOrigin } from './cross-origin.ts'
import { PortalCookie } from './portal-cookie.ts'

/**
 * Requires a portal session on every request to the routes of this app, before the body is read. Its requests count under
 * the rate limits of the key that issued it.
 */
export function requirePortal(
  app: ControlApp,
  { store, nowMs, publicUrl }: Pick<ControlDeps, 'store' | 'nowMs' | 'publicUrl'>,
  failures: FailedCredentials,
  limits: KeyRateLimits,
): void {
  const cookie = new PortalCookie(publicUrl)
  app.addHook('onRequest', async (request, reply) => {
    // Where there is an `Authorization`, no cookie acts, as for the sessions of people.
    const token = request.headers.authorization === undefined ? cookie.read(request) : undefined
    if (token === undefined) throw withoutSession()
    requireOwnOrigin(request, publicUrl(), token)
    const actor = await identify(request, token)
    request.actor = actor
    if (actor.issuingKey !== null) limits.consume(actor.issuingKey, reply)
  })
  renewActor(app, { store, nowMs })

  async function identify(request: FastifyRequest, token: string): Promise<PortalActor> {
    try {
      return await authenticatePortal({ store, nowMs }, token, request.ip)
    } catch (error) {
      // Counts wrong credentials only: an outage is not the caller's failure.
      if (error instanceof Problem && error.code === 'unauthenticated') await failures.count(request)
      throw error
    }
  }
}

/** The portal session that acts, on a route that requires one. */
export function portalOf({ actor }: Pick<FastifyRequest, 'actor'>): PortalActor {
  if (!(actor instanceof PortalActor)) throw new Error('The route does not require a portal session')
  return actor
}

function withoutSession(): Problem {
  return new Problem('unauthenticated', {
    detail:
      'No portal session is open here. Open the link that you received; a program opens it with POST /v1/portal/open, and sends its cookie without `Authorization`.',
  })
}
