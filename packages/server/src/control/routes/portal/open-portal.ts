import { VISITOR } from '../../../app/access/actor.ts'
import { openPortalSession } from '../../../app/portal/open-portal-session.ts'
import { portalPlan } from '../../../app/portal/portal-plan.ts'
import { portalOpening } from '../../../contract/portal/portal-keys.ts'
import { portal } from '../../../contract/portal/portal-sessions.ts'
import { portalAnswer } from '../../answers/portal-answer.ts'
import { documented } from '../../routing/route-schema.ts'
import { clientOf } from '../../sessions/client.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { PortalCookie } from '../../sessions/portal-cookie.ts'
import { csrfToken } from '../../sessions/session-cookie.ts'

/** Opening a portal session, for everybody who has its link. */
export function openPortalRoutes({ app, operations, limits, deps }: PeopleApi): void {
  const cookie = new PortalCookie(deps.publicUrl)
  app.post(
    '/v1/portal/open',
    {
      schema: {
        ...documented('Portal', 'openPortalSession', 'Open a portal session, once'),
        security: [],
        body: portalOpening,
        response: { 200: portal },
      },
    },
    async (request, reply) => {
      request.actor = VISITOR
      const { session, organization, consumer, scopes, token } = await limits.attempt(
        { address: request.ip },
        async () =>
          await openPortalSession(operations.contextOf(request), {
            ...request.body,
            client: clientOf(request),
          }),
      )
      cookie.set(reply, token, session.expiresAtMs - deps.nowMs())
      const plan = await portalPlan(operations.contextOf(request).store.read.plans, consumer)
      return portalAnswer({ session, organization, consumer, plan, scopes, csrfToken: csrfToken(token) })
    },
  )
}
