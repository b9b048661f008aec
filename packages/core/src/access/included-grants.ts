import { TARGET_FIELDS, type Grant } from './permissions.ts'

/**
 * The wanted grants that no held grant includes. Grants are looked up instead of compared one by one: 16 roles of 200
 * permissions are 3,200 grants on either side.
 */
export function lackingGrants(held: readonly Grant[], wanted: readonly Grant[]): readonly Grant[] {
  const keys = new Set(held.map(keyOf))
  return wanted.filter((grant) => !widerKeys(grant).some((wider) => keys.has(wider)))
}

/** The same permissions without those that another one includes, in order of permission and scope. */
export function widestGrants(grants: readonly Grant[]): readonly Grant[] {
  const unique = new Map(grants.map((grant) => [keyOf(grant), grant]))
  return [...unique]
    .filter(([key, grant]) => !widerKeys(grant).some((wider) => wider !== key && unique.has(wider)))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, grant]) => grant)
}

/** A text that only equal grants share. */
function keyOf({ permission, environment, project, pipeline }: Grant): string {
  return JSON.stringify([permission, environment, project, pipeline])
}

/** The keys of the grants that include this one: of itself, and of those with fewer members in their scope. */
function widerKeys(grant: Grant): readonly string[] {
  return TARGET_FIELDS.reduce<readonly Grant[]>(
    (wider, field) =>
      wider.flatMap((one) => {
        const { [field]: _left, ...rest } = one
        return [one, rest]
      }),
    [grant],
  ).map(keyOf)
}
