import type { ListedRole } from '@sallyport/sdk'
import type { ScopedPermission } from '../../data/permissions.ts'
import { roles as words } from '../../texts/roles.ts'

/** How many permissions of a role are named where it is described in a line. */
const NAMED = 3

/** What a role is for, in a line. */
export function aboutRole({
  name,
  builtIn,
  permissions,
}: Pick<ListedRole, 'name' | 'builtIn' | 'permissions'>): string {
  if (builtIn) return (words.builtIn as Readonly<Record<string, string>>)[name] ?? ''
  const names = [...new Set(permissions.map(({ permission }) => permission))]
  return words.ofOrganization(names.slice(0, NAMED), Math.max(0, names.length - NAMED))
}

/** Where a permission holds: "everywhere", "prod", "prod: orders". */
export function placeOf({ environment, project, pipeline }: Omit<ScopedPermission, 'permission'>): string {
  const part = pipeline ?? (project === undefined ? undefined : words.ofProject(project))
  return words.scope(environment, part)
}

/** Each permission once, with all places where it holds. */
export function byPermission(
  permissions: readonly ScopedPermission[],
): readonly { readonly permission: string; readonly places: readonly string[] }[] {
  return [...Map.groupBy(permissions, ({ permission }) => permission)].map(([permission, grants]) => ({
    permission,
    places: placesOf(grants),
  }))
}

/** Where a permission holds, each environment once: "prod: orders, tracking". */
function placesOf(grants: readonly ScopedPermission[]): readonly string[] {
  const byEnvironment = Map.groupBy(grants, ({ environment }) => environment)
  return [...byEnvironment].flatMap(([environment, inIt]) => {
    const isWhole = inIt.some(({ project, pipeline }) => project === undefined && pipeline === undefined)
    if (isWhole) return [words.scope(environment, undefined)]
    const parts = inIt.map(({ project, pipeline }) => placeOf({ project, pipeline }))
    return [words.scope(environment, parts.join(', '))]
  })
}
