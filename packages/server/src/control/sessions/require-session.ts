import type { FastifyRequest } from 'fastify'
import { MemberActor } from '../../app/access/authenticate-session.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import { renewActor } from '../routing/renew-actor.ts'
import type { WebSessions } from './web-sessions.ts'

/** Requires the session of a person on every request to the routes of this app, before the body is read. */
export function requireSession(
  app: ControlApp,
  deps: Pick<ControlDeps, 'store' | 'nowMs'>,
  sessions: WebSessions,
): void {
  app.addHook('onRequest', async (request) => {
    request.actor = await sessions.authenticate(request)
  })
  renewActor(app, deps)
}

/** The person who is signed in, on a route that requires a session. */
export function memberOf({ actor }: Pick<FastifyRequest, 'actor'>): MemberActor {
  if (!(actor instanceof MemberActor)) throw new Error('The route does not require a session')
  return actor
}
