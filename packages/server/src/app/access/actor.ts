import type { Grant, Permission, Target } from '@sallyport/core'
import type { Reader } from '../../store/port/store.ts'
import type { CredentialBounds } from './credential-bounds.ts'

/** `system` acts without a credential: set-up, and work that Sallyport starts itself. */
export type ActorKind = 'key' | 'external-key' | 'member' | 'portal-session' | 'system'

/** The readers that find an actor again: of the store, or of a write transaction. */
export type ActorReaders = Pick<
  Reader,
  | 'keys'
  | 'consumers'
  | 'roles'
  | 'externalKeys'
  | 'sessions'
  | 'people'
  | 'members'
  | 'secondFactors'
  | 'portalSessions'
>

/** The only place that a portal session may see and change. */
export interface PortalPlace {
  /** The slug of an organization. */
  readonly organization: string
  /** The id of a consumer. */
  readonly consumer: string
  /** The environment of the consumer. */
  readonly environment: string
}

/** A check that an actor passed. It is plain data, so that it can be stored and made again. */
export type Demand =
  | {
      readonly kind: 'permission'
      readonly organization: string
      readonly permission: Permission
      readonly target: Target
    }
  /** The actor gave these grants, so it had them. */
  | { readonly kind: 'grants'; readonly organization: string; readonly grants: readonly Grant[] }
  /** The actor gave a credential of these bounds, so its own were no narrower. */
  | { readonly kind: 'bounds'; readonly permission: Permission; readonly bounds: CredentialBounds }
  /** The actor, a person, had confirmed who they are. */
  | { readonly kind: 'step-up' }

/** Who performs an operation, with its permissions in each organization. */
export interface Actor {
  readonly kind: ActorKind
  /** Identifies the actor in audit records: `key_…` for a key, `mem_…` for a person, `portal-session/por_…`. */
  readonly id: string
  /** The slugs of the organizations that the actor belongs to. */
  readonly organizations: readonly string[]
  /** Whether it is a public key, which has no permission at all. */
  readonly isPublic?: boolean
  /** The address that the request comes from, if it is known. */
  readonly address?: string | undefined
  /** For a person: when they last confirmed who they are, in ms since 1970. */
  readonly confirmedAtMs?: number
  /** The bounds of the credential that acts. An actor without them can give credentials of any bounds. */
  readonly bounds?: CredentialBounds
  /** Whether a key acts with the old secret of a pending roll. */
  readonly usesOldSecret?: boolean
  /** For a portal session: what it is limited to. */
  readonly portal?: PortalPlace | undefined
  /** Whether the actor may act, but not give a credential that has permissions. */
  readonly givesNothing?: boolean
  /**
   * The actor's grants in one organization, already narrowed to the environment that it is bound to.
   *
   * @returns undefined for an organization that the actor does not belong to
   */
  grantsIn(organization: string): readonly Grant[] | undefined
  /** The names of the actor's own roles in one organization. */
  rolesIn(organization: string): readonly string[]
  /**
   * Reads the credential again, so that `grantsIn`, `rolesIn` and `bounds` are those of now.
   *
   * @throws Problem `unauthenticated`, `address_not_allowed` if the credential no longer works
   */
  renew?(readers: ActorReaders, nowMs: number): Promise<void>
  /** Is told each check that the actor passed. */
  record?(demand: Demand): void
}

/** An actor without a credential, who belongs to no organization. */
function systemActor(id: string): Actor {
  return { kind: 'system', id, organizations: [], grantsIn: () => undefined, rolesIn: () => [] }
}

/** Set-up runs before any organization exists. */
export const SETUP_ACTOR = systemActor('setup')
/** The operator of the installation, by a command at the server's database. */
export const OPERATOR_ACTOR = systemActor('operator')
/** GitHub's search for secrets, which signs what it reports. */
export const GITHUB_ACTOR = systemActor('github')
/** Somebody who is not signed in yet: at sign-in, or with a link that was sent to them. */
export const VISITOR = systemActor('visitor')
