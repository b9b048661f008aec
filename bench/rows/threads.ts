import { availableParallelism } from 'node:os'
import { compare } from '../compare.ts'
import { startGateway } from '../product.ts'
import { figuresOfReports } from '../figures.ts'
import type { Result } from '../results.ts'
import { KEYS_LARGE, KEYS_SMALL, type Settings } from '../settings.ts'
import { authzRequests } from '../synthetic/requests.ts'
import { runToReport } from '../target-process.ts'
import type { ThreadMemoryReport } from '../targets/thread-memory.ts'
import { authzCandidate } from './authz.ts'
import type { Row } from './row.ts'

/** What a second thread may add to the memory of the tables, in %. */
const ADDED_PERCENT_TARGET = 15
/** One core for each of two threads, one for the load, and one for the rest of the process. */
const CORES_FOR_THROUGHPUT = 4

/** A gateway with two threads: what the second one costs, and what it gives where there are cores for it. */
export const threadsRow: Row = {
  name: 'threads',
  onAllCores: true,
  measure: async (settings) => [...(await measureMemory(settings)), await measureThroughput(settings)],
}

async function measureThroughput(settings: Settings): Promise<Result> {
  const hasCores = availableParallelism() >= CORES_FOR_THROUGHPUT
  // One core is not enough for two threads to show what they are for.
  const shared = { ...settings, cores: { ...settings.cores, server: undefined } }
  await using one = await startGateway(KEYS_SMALL, shared)
  await using two = await startGateway(KEYS_SMALL, shared, undefined, 2)
  const requests = authzRequests(KEYS_SMALL)
  return await compare(
    {
      name: 'threads: /authz, two threads and one',
      ours: { ...authzCandidate(two, requests), name: 'two threads' },
      theirs: { ...authzCandidate(one, requests), name: 'one thread' },
      basis: hasCores ? 'requests/s' : 'cpu/request',
      note: hasCores
        ? 'not pinned to cores'
        : `CPU per request, since this machine has fewer than ${CORES_FOR_THROUGHPUT} cores`,
    },
    settings,
  )
}

async function measureMemory({ cores, pace }: Settings): Promise<Result[]> {
  const reports: ThreadMemoryReport[] = []
  for (let repetition = 0; repetition < pace.repetitions; repetition += 1) {
    const target = {
      file: 'targets/thread-memory.ts',
      args: [String(KEYS_LARGE)],
      nodeFlags: ['--expose-gc'],
    }
    reports.push((await runToReport(target, cores.server)) as ThreadMemoryReport)
  }
  const figure = figuresOfReports('threads, 1,000,000 keys with a consumer each', reports)
  return [
    figure(
      'memory of a second thread',
      '%',
      ({ addedBytes, tableBytes }) => (100 * addedBytes) / tableBytes,
      ADDED_PERCENT_TARGET,
      'of the memory of the tables: increase of resident memory when an idle thread gets the tables',
    ),
    figure('until it has the tables', 'ms', ({ handOverMs }) => handOverMs),
    figure('until it has a change', 'µs', ({ changeMicros }) => changeMicros),
  ]
}
