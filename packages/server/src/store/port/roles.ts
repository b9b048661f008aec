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

/** A key that has a role. */
export interface HolderRow {
  readonly id: string
  readonly name: string
}

/** Only keys within one of these scopes; left out for all keys. */
type Visible = readonly Target[] | undefined

export interface RoleReader {
  get(organization: string, name: string): Promise<RoleRow | undefined>
  /** All custom roles of the organization, by name. */
  all(organization: string): Promise<readonly RoleRow[]>
  /** The custom roles with these names, in no particular order. */
  named(organization: string, names: readonly string[]): Promise<readonly RoleRow[]>
  /** The first keys, by id, that have a custom or built-in role and are not deleted. */
  holders(organization: string, role: string, limit: number, visible?: Visible): Promise<readonly HolderRow[]>
  countHolders(organization: string, role: string, visible?: Visible): Promise<number>
}

export interface RoleWriter extends RoleReader {
  /** @throws Problem `conflict` when the organization has a role of that name */
  insert(row: RoleRow): Promise<void>
  /** Replaces the permissions and who updated them; other columns stay. */
  update(row: RoleRow): Promise<void>
  /** Removes a role; no key may have it. */
  remove(organization: string, name: string): Promise<void>
}
