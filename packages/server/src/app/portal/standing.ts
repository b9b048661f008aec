import { permits, type PortalScope } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import type { ActorReaders } from '../access/actor.ts'
import { creatorNow, type Creator } from '../access/creator.ts'

/** Why a portal session is refused, although it has neither ended nor expired. */
export type PortalRefusal = 'consumer_removed' | 'consumer_inactive' | 'issuer_lost' | 'address_not_allowed'

/** A portal session that lets people in now, and how much it allows. */
export interface PortalStanding {
  readonly consumer: ConsumerRow
  readonly issuer: Creator
  /** Those of the session's scopes whose permission the issuer still has. */
  readonly scopes: readonly PortalScope[]
}

/**
 * Reads how much a portal session allows now: never more than its issuer may do at this moment.
 *
 * @param address from which the request comes; a session whose issuer has address rules is refused without it
 */
export async function portalStanding(
  readers: ActorReaders,
  session: PortalSessionRow,
  address: string | undefined,
  nowMs: number,
): Promise<PortalStanding | PortalRefusal> {
  const { organization, environment } = session
  const consumer = await readers.consumers.get(organization, session.consumer)
  if (consumer === undefined) return 'consumer_removed'
  if (!consumer.active) return 'consumer_inactive'
  const issuer = await creatorNow(readers, { ...session, credentialEndsAtMs: session.issuerEndsAtMs }, nowMs)
  if (issuer === undefined || !permits(issuer.grants, 'consumers.open-portal', { environment }))
    return 'issuer_lost'
  const { addressRules } = issuer.bounds
  if (addressRules.length > 0 && (address === undefined || !new AddressSet(addressRules).has(address)))
    return 'address_not_allowed'
  const scopes = session.scopes.filter((scope) => permits(issuer.grants, scope, { environment }))
  return { consumer, issuer, scopes }
}

/** Whether a session can still be opened or used at a time. The instant of its expiry is outside its life. */
export function isLive({ state, expiresAtMs }: PortalSessionRow, nowMs: number): boolean {
  return state !== 'ended' && nowMs < expiresAtMs
}
