import type { EnvironmentView, FeedRecord, Snapshot } from '@sallyport/core'
import { HostRoutes } from './host-routes.ts'
import type { Routes } from './route-table.ts'
import { atOnce, inTurns, type Steps } from './steps.ts'

type Deployments = EnvironmentView['deployments']

/** Environments whose latest table is kept to derive the next one from; the least recently changed is dropped. */
const ENVIRONMENTS_MAX = 10_000

const tables = new WeakMap<Deployments, HostRoutes>()
/** By environment, the deployments of the newest table, in the order of the last change. */
const newest = new Map<string, Deployments>()

/**
 * The routes of an environment that requests to a host can reach, see `HostRoutes.at`. Cached for as long as its map of deployments is the same object; after a change, derived
 * from the environment's previous table.
 */
export function routesOf(environment: EnvironmentView, host: string | null = null): Routes {
  return tableOf(environment).at(host)
}

/** The hosts, and patterns of hosts, that deployments of an environment list. */
export function hostsWithRoutes(environment: EnvironmentView): string[] {
  return tableOf(environment).hosts
}

function tableOf(environment: EnvironmentView): HostRoutes {
  return tables.get(environment.deployments) ?? atOnce(makeTable(environment))
}

function* makeTable({ organization, name, deployments }: EnvironmentView): Steps<HostRoutes> {
  const environment = `${organization} ${name}`
  const before = newest.get(environment)
  const previous = before === undefined ? undefined : tables.get(before)
  const table =
    before === undefined || previous === undefined
      ? yield* HostRoutes.of([...deployments.values()])
      : yield* previous.after(before, deployments)
  tables.set(deployments, table)
  newest.delete(environment)
  newest.set(environment, deployments)
  if (newest.size > ENVIRONMENTS_MAX) {
    const oldest = newest.keys().next()
    if (oldest.done !== true) newest.delete(oldest.value)
  }
  return table
}

/**
 * Makes the routes of the environments that a change affects, so that no request waits for them.
 *
 * @param records the changed records; `all` if any record may have changed
 */
export async function prepareRoutes(
  snapshot: Snapshot,
  records: readonly FeedRecord[] | 'all',
): Promise<void> {
  await inTurns(prepare(records === 'all' ? snapshot.environments() : affected(snapshot, records)))
}

function* prepare(environments: Iterable<EnvironmentView>): Steps<void> {
  for (const environment of environments) {
    if (!tables.has(environment.deployments)) yield* makeTable(environment)
    yield
  }
}

function* affected(snapshot: Snapshot, records: readonly FeedRecord[]): Iterable<EnvironmentView> {
  for (const record of records) {
    if (record.kind !== 'deployment' && !(record.kind === 'removed' && record.of === 'deployment')) continue
    // A removed record does not name its environment. The organization's other ones have their tables.
    yield* snapshot.organization(record.organization)?.environments.values() ?? []
  }
}
