import { join } from 'node:path'
import type { Figure, Result } from '../results.ts'
import { KEYS_LARGE, type Settings } from '../settings.ts'
import { spreadOf } from '../statistics.ts'
import { CONSUMERS } from '../synthetic/records.ts'
import { makeStoreFile } from '../synthetic/store-file.ts'
import { runToReport } from '../target-process.ts'
import type { KeyLoadReport } from '../targets/key-load.ts'
import type { Row } from './row.ts'

const LOAD_MS_TARGET = 3000
const BYTES_A_KEY_TARGET = 150

/** Loading a million keys from a SQLite store, and what they weigh in memory. */
export const keyLoadRow: Row = {
  name: 'load',
  async measure(settings) {
    const shared = await measureLoad(`${CONSUMERS.toLocaleString('en')} consumers`, CONSUMERS, settings)
    const own = await measureLoad('a consumer each', KEYS_LARGE, settings)
    return [...shared, ...own]
  },
}

async function measureLoad(variant: string, consumers: number, settings: Settings): Promise<Result[]> {
  const { cores, pace, scratch } = settings
  const file = join(scratch, `keys-${consumers}.sqlite`)
  await makeStoreFile(file, KEYS_LARGE, consumers)
  const reports: KeyLoadReport[] = []
  for (let repetition = 0; repetition < pace.repetitions; repetition += 1) {
    const target = { file: 'targets/key-load.ts', args: [file], nodeFlags: ['--expose-gc'] }
    const report = (await runToReport(target, cores.server)) as KeyLoadReport
    if (report.keys !== KEYS_LARGE) throw new Error(`${report.keys} keys were loaded, not ${KEYS_LARGE}`)
    reports.push(report)
  }
  const figure = (
    what: string,
    unit: string,
    of: (report: KeyLoadReport) => number,
    target?: number,
    note?: string,
  ): Figure => ({
    kind: 'figure',
    name: `load, 1,000,000 keys, ${variant}: ${what}`,
    unit,
    value: spreadOf(reports.map(of)),
    target,
    note,
  })
  return [
    figure(
      'time',
      'ms',
      ({ loadMs }) => loadMs,
      LOAD_MS_TARGET,
      'from opening a SQLite file that is in the page cache',
    ),
    figure(
      'CPU time',
      'ms',
      ({ cpuMs }) => cpuMs,
      undefined,
      'of all threads: less disturbed by other programs',
    ),
    figure(
      'heap and buffers',
      'bytes/key',
      ({ heapAndExternalBytes, keys }) => heapAndExternalBytes / keys,
      BYTES_A_KEY_TARGET,
      'over the same process before, after garbage collection',
    ),
    figure(
      'resident',
      'bytes/key',
      ({ residentBytes, keys }) => residentBytes / keys,
      BYTES_A_KEY_TARGET,
      'RSS over the same process before; holds what the allocator has not given back',
    ),
    figure(
      'resident at the peak',
      'bytes/key',
      ({ peakResidentBytes, keys }) => peakResidentBytes / keys,
      undefined,
      'the most while loading',
    ),
  ]
}
