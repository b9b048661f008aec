import { sql, type SqlBool } from 'kysely'
import { isWithin } from '../../database/scope-condition.ts'
import type { Database } from '../../database/schema.ts'
import { HOLDER_KINDS, type HolderKind, type VisibleHolders } from '../../port/roles.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    role_holders: RoleHoldersTable
  }
}

/** Who has a role, custom or built-in: members, keys that are not deleted, with their environments, and external keys. */
interface RoleHoldersTable {
  organization: string
  role: string
  kind: HolderKind
  /** The id of the member, key or external key. */
  holder: string
  environment: string | null
}

/** What the index of holders has of a member, key or external key. */
export interface RoleHolder {
  readonly organization: string
  readonly kind: HolderKind
  readonly id: string
  readonly environment: string | null
  readonly roles: readonly string[]
}

/** The holders of one role that are visible. */
export function holdersOf(
  db: Database,
  organization: string,
  role: string,
  visible: VisibleHolders | undefined,
) {
  const query = db
    .selectFrom('role_holders')
    .where('role_holders.organization', '=', organization)
    .where('role', '=', role)
  if (visible === undefined) return query
  const conditions = HOLDER_KINDS.map((kind) => {
    const scopes = visible[kind] ?? [{}]
    const within = isWithin(scopes, { environment: 'role_holders.environment' })
    return sql`(role_holders.kind = ${kind} and ${within})`
  })
  return query.where(sql<SqlBool>`(${sql.join(conditions, sql` or `)})`)
}

/** Adds someone to the holders of each of its roles. */
export async function addHolder(db: Database, holder: RoleHolder): Promise<void> {
  const { organization, kind, id, environment } = holder
  const roles = [...new Set(holder.roles)]
  if (roles.length === 0) return
  await db
    .insertInto('role_holders')
    .values(roles.map((role) => ({ organization, role, kind, holder: id, environment })))
    .execute()
}

/** Removes someone from the holders of the roles that it has. */
export async function removeHolder(
  db: Database,
  { organization, kind, id, roles }: Omit<RoleHolder, 'environment'>,
): Promise<void> {
  if (roles.length === 0) return
  await db
    .deleteFrom('role_holders')
    .where('organization', '=', organization)
    .where('role', 'in', roles)
    .where('kind', '=', kind)
    .where('holder', '=', id)
    .execute()
}
