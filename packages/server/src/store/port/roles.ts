import type { Grant, Target } from '@sallyport/core'

/** A custom role. */
export interface RoleRow {
  readonly organization: string
  readonly id: string
  /** Unique within the organization. */
  readonly name: string
  readonly permissions: readonly Grant[]
  readonly createdAtMs: number
  readonly createdBy: string
  readonly updatedAtMs: number
  readonly updatedBy: string
}

/** What can have a role. */
export const HOLDER_KINDS = ['member', 'key', 'external-key'] as const
export type HolderKind = (typeof HOLDER_KINDS)[number]

/** A member, key or external key that has a role. */
export interface HolderRow {
  readonly kind: HolderKind
  readonly id: string
  /** The name of a member or key, the label of an external key or else the id of its key. */
  readonly name: string
}

/** For each kind, the scopes in which a holder must lie; undefined for all of the kind. Left out for all holders. */
export type VisibleHolders = Readonly<Record<HolderKind, readonly Target[] | undefined>>

export interface RoleReader {
  get(organization: string, name: string): Promise<RoleRow | undefined>
  /** All custom roles of the organization, by name. */
  all(organization: string): Promise<readonly RoleRow[]>
  /** The custom roles of these organizations with one of these names, in no particular order: one query for all. */
  named(organizations: readonly string[], names: readonly string[]): Promise<readonly RoleRow[]>
  /** The first holders of a custom or built-in role, by kind and id. Deleted keys are none. */
  holders(
    organization: string,
    role: string,
    limit: number,
    visible?: VisibleHolders,
  ): Promise<readonly HolderRow[]>
  countHolders(organization: string, role: string, visible?: VisibleHolders): Promise<number>
}

export interface RoleWriter extends RoleReader {
  /** @throws Problem `conflict` when the organization has a role of that name */
  insert(row: RoleRow): Promise<void>
  /** Replaces the permissions and who updated them; other columns stay. */
  update(row: RoleRow): Promise<void>
  /** Removes a role; nobody may have it. */
  remove(organization: string, name: string): Promise<void>
}
