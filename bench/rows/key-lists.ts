import { join } from 'node:path'
import { startPostgres } from '../../test/services/postgres-server.ts'
import { figuresOf } from '../figures.ts'
import { DependencyUnavailable, type Result } from '../results.ts'
import { KEYS_LARGE, type Settings } from '../settings.ts'
import { fillListedStore, type ListedStore } from '../synthetic/listed-keys.ts'
import { runToReport } from '../target-process.ts'
import type { ListReport } from '../targets/key-lists.ts'
import type { Row } from './row.ts'

const P95_MS_TARGET = 20
/** Pages of each list in a round. */
const PAGES = 20

/** Pages of lists of a million keys, by each filter in each order, and what the index of keys costs. */
export function keyListsRow(kind: ListedStore['kind']): Row {
  const name = kind === 'sqlite' ? 'lists, SQLite' : 'lists, PostgreSQL'
  return {
    name,
    async measure(settings) {
      if (kind === 'sqlite') {
        const location = join(settings.scratch, 'listed-keys.sqlite')
        return await measureLists(name, { kind, location }, settings)
      }
      await using server = await startPostgres().catch((cause: unknown) => {
        throw new DependencyUnavailable('PostgreSQL is not available', { cause })
      })
      return await measureLists(name, { kind, location: server.url }, settings)
    },
  }
}

async function measureLists(name: string, store: ListedStore, { cores, pace }: Settings): Promise<Result[]> {
  await fillListedStore(store, KEYS_LARGE)
  const args = [store.kind, store.location, KEYS_LARGE, pace.rounds, PAGES].map(String)
  const report = (await runToReport({ file: 'targets/key-lists.ts', args }, cores.server)) as ListReport
  const figure = figuresOf(name)
  return [
    ...report.queries.map(({ name: list, p50Ms, p95Ms }) =>
      figure(`${list}, p95`, 'ms', p95Ms, P95_MS_TARGET, `p50 ${p50Ms.toFixed(1)} ms`),
    ),
    figure('flush of the use of 250 keys', 'ms', report.flushMs, undefined, 'all counts of usage included'),
    figure('upgrade', 'ms', [report.migrationMs], undefined, 'makes the index of 1,000,000 keys'),
  ]
}
