import type { Grant } from '@sallyport/core'

/** `system` acts without a credential: set-up, and work that Sallyport starts itself. */
export type ActorKind = 'key' | 'external-key' | 'member' | 'system'

/** Who performs an operation, with its permissions in each organization. */
export interface Actor {
  readonly kind: ActorKind
  /** Identifies the actor in audit records: `key_…` for a key. */
  readonly id: string
  /** The slugs of the organizations that the actor belongs to. */
  readonly organizations: readonly string[]
  /**
   * The actor's grants in one organization, already narrowed to the environment that it is bound to.
   *
   * @returns undefined for an organization that the actor does not belong to
   */
  grantsIn(organization: string): readonly Grant[] | undefined
}

/** An actor that belongs to one organization. */
export function actorOfOrganization(
  kind: ActorKind,
  id: string,
  organization: string,
  grants: readonly Grant[],
): Actor {
  return {
    kind,
    id,
    organizations: [organization],
    grantsIn: (slug) => (slug === organization ? grants : undefined),
  }
}

/** Set-up runs before any organization exists, so its actor belongs to none. */
export const SETUP_ACTOR: Actor = {
  kind: 'system',
  id: 'setup',
  organizations: [],
  grantsIn: () => undefined,
}
