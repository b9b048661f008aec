import { Problem, type Grant, type PortalScope } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import type { Store } from '../../store/port/store.ts'
import type { Actor, ActorReaders, PortalPlace } from '../access/actor.ts'
import type { CredentialBounds } from '../access/credential-bounds.ts'
import type { CreatingKey } from '../access/creator.ts'
import { isLive, portalStanding, type PortalRefusal, type PortalStanding } from './standing.ts'

/** Why a portal session is refused, and what its people can do about it. */
const REFUSALS: Readonly<Record<PortalRefusal, Problem>> = {
  consumer_removed: new Problem('unauthenticated', {
    detail: 'The consumer of this portal session was removed, so the session has ended.',
  }),
  consumer_inactive: new Problem('unauthenticated', {
    detail:
      'The consumer of this portal session is switched off. Ask the people who sent you the link to switch it on.',
  }),
  issuer_lost: new Problem('unauthenticated', {
    detail:
      'The key or person that made the link to this portal may no longer open portals. Ask for a new link.',
  }),
  address_not_allowed: new Problem('address_not_allowed', {
    detail:
      'The key that made the link to this portal does not work from your address, so neither does the portal. Ask for a link that works from here.',
  }),
}

interface Identified extends PortalStanding {
  readonly session: PortalSessionRow
}

/**
 * Authenticates the people of a consumer by the token of their portal session.
 *
 * @param address from which the request comes
 * @throws Problem `unauthenticated` if the session has ended or its issuer may no longer open portals,
 *   `address_not_allowed`
 */
export async function authenticatePortal(
  { store, nowMs }: { readonly store: Pick<Store, 'read'>; readonly nowMs: () => number },
  token: string,
  address: string | undefined,
): Promise<PortalActor> {
  const digest = tokenDigest(token)
  return new PortalActor(digest, address, await identify(store.read, digest, address, nowMs()))
}

/** A consumer's people, who act in a portal session, as it was when it was read last. */
export class PortalActor implements Actor {
  readonly kind = 'portal-session'
  readonly id: string
  readonly address: string | undefined
  /** A token with permissions would reach beyond the one consumer, however few they are. */
  readonly givesNothing = true
  readonly #digest: string
  #found: Identified

  constructor(digest: string, address: string | undefined, found: Identified) {
    this.id = `portal-session/${found.session.id}`
    this.address = address
    this.#digest = digest
    this.#found = found
  }

  get organizations(): readonly string[] {
    return [this.#found.session.organization]
  }

  get portal(): PortalPlace {
    const { organization, consumer, environment } = this.#found.session
    return { organization, consumer, environment }
  }

  get session(): PortalSessionRow {
    return this.#found.session
  }

  get consumer(): ConsumerRow {
    return this.#found.consumer
  }

  /** What the session allows now. */
  get scopes(): readonly PortalScope[] {
    return this.#found.scopes
  }

  /** The key that issued the session, whose rate limits its requests count under; null for a person. */
  get issuingKey(): CreatingKey | null {
    return this.#found.issuer.key
  }

  get bounds(): CredentialBounds {
    return this.#found.issuer.bounds
  }

  /** Grants have no narrower scope than an environment. Each operation of the portal adds the consumer. */
  grantsIn(organization: string): readonly Grant[] | undefined {
    const { session, scopes } = this.#found
    if (organization !== session.organization) return undefined
    const { environment } = session
    // Its people know their own consumer.
    return [...scopes, 'consumers.read' as const].map((permission) => ({ permission, environment }))
  }

  rolesIn(): readonly string[] {
    return []
  }

  async renew(readers: ActorReaders, nowMs: number): Promise<void> {
    this.#found = await identify(readers, this.#digest, this.address, nowMs)
  }
}

async function identify(
  readers: ActorReaders,
  digest: string,
  address: string | undefined,
  nowMs: number,
): Promise<Identified> {
  const session = await readers.portalSessions.byToken(digest)
  if (session === undefined || !isLive(session, nowMs)) {
    throw new Problem('unauthenticated', {
      detail: 'The portal session has ended. Ask the people who sent you the link for a new one.',
    })
  }
  const standing = await portalStanding(readers, session, address, nowMs)
  if (typeof standing === 'string') throw REFUSALS[standing]
  return { session, ...standing }
}
