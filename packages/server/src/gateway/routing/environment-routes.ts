import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EnvironmentView, FeedRecord, Snapshot } from '@sallyport/core'
import { RouteTable } from './route-table.ts'

type Deployments = EnvironmentView['deployments']

/** Environments whose latest table is kept to derive the next one from; the least recently changed is dropped. */
const ENVIRONMENTS_MAX = 10_000

const tables = new WeakMap<Deployments, RouteTable>()
/** By environment, the deployments of the newest table, in the order of the last change. */
const newest = new Map<string, Deployments>()

/**
 * The routes of an environment. Cached for as long as its map of deployments is the same object; after a change, derived
 * from the environment's previous table.
 */
export function routesOf({ organization, name, deployments }: EnvironmentView): RouteTable {
  return tables.get(deployments) ?? makeTable(`${organization} ${name}`, deployments)
}

function makeTable(environment: string, deployments: Deployments): RouteTable {
  const before = newest.get(environment)
  const previous = before === undefined ? undefined : tables.get(before)
  const table =
    before === undefined || previous === undefined
      ? RouteTable.of([...deployments.values()])
      : previous.after(before, deployments)
  tables.set(deployments, table)
  newest.delete(environment)
  newest.set(environment, deployments)
  if (newest.size > ENVIRONMENTS_MAX) {
    const oldest = newest.keys().next()
    if (oldest.done !== true) newest.delete(oldest.value)
  }
  return table
}

/** Makes the routes of each environment, so that no request waits for them. */
export async function prepareAllRoutes(snapshot: Snapshot): Promise<void> {
  for (const environment of snapshot.environments()) {
    routesOf(environment)
    await nextTurn()
  }
}

/**
 * Makes the routes of the environments that a change affects.
 *
 * @param records the changed records; `all` if any record may have changed
 */
export function prepareChangedRoutes(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): void {
  if (records === 'all') {
    for (const environment of snapshot.environments()) routesOf(environment)
    return
  }
  for (const record of records) {
    if (record.kind !== 'deployment' && !(record.kind === 'removed' && record.of === 'deployment')) continue
    // A removed record does not name its environment. The organization's other ones have their tables.
    const environments = snapshot.organization(record.organization)?.environments.values() ?? []
    for (const environment of environments) routesOf(environment)
  }
}
