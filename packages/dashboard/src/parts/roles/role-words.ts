import type { ListedRole } from '@sallyport/sdk'
import type { ScopedPermission } from '../../data/permissions.ts'
import { t } from '../../texts/texts.ts'

/** How many permissions of a role are named where it is described in a line. */
const NAMED = 3

/** What a role is for, in a line. */
export function aboutRole({
  name,
  builtIn,
  permissions,
}: Pick<ListedRole, 'name' | 'builtIn' | 'permissions'>): string {
  if (builtIn) return (t.roles.builtIn as Readonly<Record<string, string>>)[name] ?? ''
  const names = [...new Set(permissions.map(({ permission }) => permission))]
  return t.roles.ofOrganization(names.slice(0, NAMED), Math.max(0, names.length - NAMED))
}

/** Where a permission holds: "everywhere", "prod", "prod: orders". */
export function placeOf({ environment, project, pipeline }: Omit<ScopedPermission, 'permission'>): string {
  const part = pipeline ?? (project === undefined ? undefined : t.roles.ofProject(project))
  return t.roles.scope(environment, part)
}

/** Each permission once, with all places where it holds. */
export function byPermission(
  permissions: readonly ScopedPermission[],
): readonly { readonly permission: string; readonly places: readonly string[] }[] {
  return [...Map.groupBy(permissions, ({ permission }) => permission)].map(([permission, grants]) => ({
    permission,
    places: grants.map(placeOf),
  }))
}
