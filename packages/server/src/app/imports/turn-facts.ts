import type { KeyId } from '@sallyport/core'
import { isBuiltInRole, type CustomRoles } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { ImportedLine } from '../../store/port/keys/imports.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { customRolesAmong } from '../access/roles.ts'

type Consumer = Pick<ConsumerRow, 'id' | 'name' | 'environment'>

/** What the store knows about everything that the lines of one transaction name. */
export interface TurnFacts {
  readonly environments: ReadonlySet<string>
  readonly custom: CustomRoles
  /** The consumer that a line names; undefined if there is none. */
  consumerOf(line: ImportedLine): Consumer | undefined
  /** How many keys each consumer has, by its id. */
  readonly keysOfConsumers: ReadonlyMap<string, number>
  readonly taken: ReadonlyMap<KeyId, Pick<KeyRow, 'organization' | 'environment' | 'deletedAtMs'>>
  readonly usedKeys: number
}

/** Reads the facts with a number of queries that does not depend on the number of lines, except for environments. */
export async function turnFacts(
  tx: Writer,
  organization: string,
  lines: readonly ImportedLine[],
): Promise<TurnFacts> {
  const environments = new Set<string>()
  for (const name of distinct(lines.map(({ environment }) => environment))) {
    if ((await tx.environments.get(organization, name)) !== undefined) environments.add(name)
  }
  const named = distinct(lines.map(({ consumer }) => consumer))
  const consumers = await tx.consumers.matching(organization, {
    ids: named,
    names: named,
    environments: [...environments],
  })
  const byId = new Map(consumers.map((one) => [one.id, one]))
  const byName = new Map(consumers.map((one) => [nameIn(one.environment, one.name), one]))
  const taken = await tx.keys.taken(lines.map(({ id }) => id))
  const { keys: usedKeys } = await tx.organizations.quotaUsage(organization)
  const roles = distinct(lines.flatMap((line) => line.roles)).filter((role) => !isBuiltInRole(role))
  return {
    environments,
    custom: await customRolesAmong(tx.roles, { organization, roles }),
    consumerOf: ({ consumer, environment }) =>
      consumer === null
        ? undefined
        : (byId.get(consumer) ??
          (environment === null ? undefined : byName.get(nameIn(environment, consumer)))),
    keysOfConsumers: await tx.keys.countsOfConsumers(organization, [...byId.keys()]),
    taken: new Map(taken.map(({ id, ...row }) => [id, row])),
    usedKeys,
  }
}

/** No name of an environment contains a space. */
function nameIn(environment: string, name: string): string {
  return `${environment} ${name}`
}

function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== null)
}
