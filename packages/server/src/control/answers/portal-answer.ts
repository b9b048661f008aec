import type { PortalScope } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { PlanRow } from '../../store/port/consumers/plans.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import { timestampAnswer } from './timestamp.ts'

interface OpenPortal {
  readonly session: PortalSessionRow
  /** Undefined while it is being removed. */
  readonly organization: Pick<OrganizationRow, 'name' | 'color'> | undefined
  readonly consumer: ConsumerRow
  /** The plan of the consumer; undefined for none. */
  readonly plan: PlanRow | undefined
  readonly scopes: readonly PortalScope[]
  readonly csrfToken: string
}

/** What the people of a consumer are told about their session. */
export function portalAnswer({ session, organization, consumer, plan, scopes, csrfToken }: OpenPortal) {
  return {
    organization: {
      slug: session.organization,
      name: organization?.name ?? session.organization,
      color: organization?.color ?? null,
    },
    consumer: { id: consumer.id, name: consumer.name },
    plan:
      plan === undefined ? null : { name: plan.name, title: plan.title, rateLimits: [...plan.rateLimits] },
    scopes: [...scopes],
    returnUrl: session.returnUrl,
    expiresAt: timestampAnswer(session.expiresAtMs),
    csrfToken,
  }
}
