import { join } from 'node:path'
import { figuresOfReports } from '../figures.ts'
import { DependencyUnavailable, type Result } from '../results.ts'
import { KEYS_LARGE, type Settings } from '../settings.ts'
import type { StoreSettings } from '../../packages/server/src/store/open.ts'
import { startPostgres } from '../../test/services/postgres-server.ts'
import { addPairs } from '../synthetic/bulk-pairs.ts'
import { makeOrganization } from '../synthetic/store-file.ts'
import { runToReport } from '../target-process.ts'
import type { KeyLoadReport } from '../targets/key-load.ts'
import type { Row } from './row.ts'

/** For ten million keys with a consumer each: 25 s from SQLite, 40 s from PostgreSQL, 5 s from a file. */
const LOAD_MICROS_TARGET = { sqlite: 2.5, postgres: 4 }
const FILE_LOAD_MICROS_TARGET = 0.5
/** For a key with one secret and its consumer. */
const BYTES_PER_KEY_TARGET = 160
const CHANGE_MICROS_TARGET = 100
const PAUSE_MS_TARGET = 5

/**
 * Loading keys from a store and from a file, their memory use, a change of one, and the pauses meanwhile. Each key has a
 * consumer of its own, and all cores are used.
 */
export function keyLoadRow(kind: StoreSettings['kind'], pairs: number): Row {
  const title = kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  const name = `load, ${title}, ${pairs.toLocaleString('en')} keys`
  return {
    name,
    onAllCores: true,
    async measure(settings) {
      if (kind === 'sqlite') {
        return await measureLoad(
          name,
          { kind, file: join(settings.scratch, `pairs-${pairs}.sqlite`) },
          pairs,
          settings,
        )
      }
      await using server = await startPostgres({ durable: true }).catch((cause: unknown) => {
        throw new DependencyUnavailable('PostgreSQL is not available', { cause })
      })
      return await measureLoad(name, { kind, url: server.url }, pairs, settings)
    },
  }
}

async function measureLoad(
  name: string,
  store: StoreSettings,
  pairs: number,
  { pace, scratch }: Settings,
): Promise<Result[]> {
  await makeOrganization(store)
  await addPairs(store, pairs)
  const location = store.kind === 'sqlite' ? store.file : store.url
  const reports: KeyLoadReport[] = []
  // Ten million take minutes.
  const repetitions = pairs === KEYS_LARGE ? pace.repetitions : 1
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const target = {
      file: 'targets/key-load.ts',
      args: [store.kind, location, join(scratch, 'pairs.snapshot')],
      nodeFlags: ['--expose-gc'],
    }
    const report = (await runToReport(target, undefined)) as KeyLoadReport
    if (report.keys !== pairs) throw new Error(`${report.keys} keys were loaded, not ${pairs}`)
    reports.push(report)
  }
  const figure = figuresOfReports(name, reports)
  return [
    figure(
      'time',
      'µs/key',
      ({ loadMs, keys }) => (loadMs * 1000) / keys,
      LOAD_MICROS_TARGET[store.kind],
      'including opening the store, whose data is in the page cache',
    ),
    figure(
      'CPU time',
      'µs/key',
      ({ cpuMs, keys }) => (cpuMs * 1000) / keys,
      undefined,
      'of all threads, without the processes of a database; less affected by other programs',
    ),
    figure(
      'longest pause',
      'ms',
      ({ pauseMs }) => pauseMs,
      PAUSE_MS_TARGET,
      'in which nothing else of the process runs, while it loads',
    ),
    figure(
      'longest pause while reloading',
      'ms',
      ({ reloadPauseMs }) => reloadPauseMs,
      PAUSE_MS_TARGET,
      'while another thread asks for a key each millisecond',
    ),
    figure('slowest answer while reloading', 'ms', ({ slowestLookupMs }) => slowestLookupMs),
    figure(
      'time from a file',
      'µs/key',
      ({ fileLoadMs, keys }) => (fileLoadMs * 1000) / keys,
      FILE_LOAD_MICROS_TARGET,
      'the bytes that the snapshot writes, in the page cache',
    ),
    figure(
      'one change',
      'µs',
      ({ changeMicros }) => changeMicros,
      CHANGE_MICROS_TARGET,
      'median of a thousand, each of another key',
    ),
    figure(
      'tables and heap',
      'bytes/key',
      ({ tableAndHeapBytes, keys }) => tableAndHeapBytes / keys,
      BYTES_PER_KEY_TARGET,
      'tables in shared memory, and the increase of heap and buffers after garbage collection',
    ),
    figure(
      'resident',
      'bytes/key',
      ({ residentBytes, keys }) => residentBytes / keys,
      BYTES_PER_KEY_TARGET,
      'RSS increase over the same process before loading; includes memory that the allocator has not returned',
    ),
    figure(
      'peak resident',
      'bytes/key',
      ({ peakResidentBytes, keys }) => peakResidentBytes / keys,
      undefined,
      'the maximum during loading',
    ),
  ]
}
