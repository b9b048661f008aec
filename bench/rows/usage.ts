import { join } from 'node:path'
import { startPostgres } from '../../test/services/postgres-server.ts'
import { DependencyUnavailable, type Result } from '../results.ts'
import { KEYS_LARGE, type Settings } from '../settings.ts'
import { spreadOf } from '../statistics.ts'
import { fillCountedStore } from '../synthetic/counted-usage.ts'
import type { ListedStore } from '../synthetic/listed-keys.ts'
import { runToReport } from '../target-process.ts'
import type { UsageReport } from '../targets/usage.ts'
import type { Row } from './row.ts'

const P95_MS_TARGET = 100
/** Pages of each query in a round. */
const PAGES = 20

/** Pages of sums over 30 days and 48 hours, with a million keys. */
export function usageRow(kind: ListedStore['kind']): Row {
  const name = kind === 'sqlite' ? 'usage, SQLite' : 'usage, PostgreSQL'
  return {
    name,
    async measure(settings) {
      if (kind === 'sqlite') {
        const location = join(settings.scratch, 'counted-usage.sqlite')
        return await measureUsage(name, { kind, location }, settings)
      }
      await using server = await startPostgres().catch((cause: unknown) => {
        throw new DependencyUnavailable('PostgreSQL is not available', { cause })
      })
      return await measureUsage(name, { kind, location: server.url }, settings)
    },
  }
}

async function measureUsage(name: string, store: ListedStore, { cores, pace }: Settings): Promise<Result[]> {
  await fillCountedStore(store, KEYS_LARGE)
  const args = [store.kind, store.location, KEYS_LARGE, pace.rounds, PAGES].map(String)
  const report = (await runToReport({ file: 'targets/usage.ts', args }, cores.server)) as UsageReport
  return report.queries.map(({ name: query, p50Ms, p95Ms }) => ({
    kind: 'figure',
    name: `${name}: ${query}, p95`,
    unit: 'ms',
    value: spreadOf(p95Ms),
    target: P95_MS_TARGET,
    note: `p50 ${p50Ms.toFixed(1)} ms`,
  }))
}
