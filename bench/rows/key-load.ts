import { join } from 'node:path'
import type { Figure, Result } from '../results.ts'
import { KEYS_LARGE, type Settings } from '../settings.ts'
import { spreadOf } from '../statistics.ts'
import { CONSUMERS } from '../synthetic/records.ts'
import { makeStoreFile } from '../synthetic/store-file.ts'
import { runToReport } from '../target-process.ts'
import type { KeyLoadReport } from '../targets/key-load.ts'
import type { Row } from './row.ts'

/** A tenth of the times for ten million keys with a consumer each: 25 s from SQLite, 5 s from a file. */
const LOAD_MS_TARGET = 2500
const FILE_LOAD_MS_TARGET = 500
/** For a key with one secret and its consumer. */
const BYTES_PER_KEY_TARGET = 160
const CHANGE_MICROS_TARGET = 100
const PAUSE_MS_TARGET = 5

/** Loading a million keys from a SQLite store and from a file, their memory use, and a change of one. */
export const keyLoadRow: Row = {
  name: 'load',
  async measure(settings) {
    const shared = await measureLoad(`${CONSUMERS.toLocaleString('en')} consumers`, CONSUMERS, settings)
    const separate = await measureLoad('one consumer per key', KEYS_LARGE, settings)
    return [...shared, ...separate]
  },
}

async function measureLoad(variant: string, consumers: number, settings: Settings): Promise<Result[]> {
  const { cores, pace, scratch } = settings
  const file = join(scratch, `keys-${consumers}.sqlite`)
  await makeStoreFile(file, KEYS_LARGE, consumers)
  const reports: KeyLoadReport[] = []
  for (let repetition = 0; repetition < pace.repetitions; repetition += 1) {
    const target = {
      file: 'targets/key-load.ts',
      args: [file, `${file}.snapshot`],
      nodeFlags: ['--expose-gc'],
    }
    const report = (await runToReport(target, cores.server)) as KeyLoadReport
    if (report.keys !== KEYS_LARGE) throw new Error(`${report.keys} keys were loaded, not ${KEYS_LARGE}`)
    reports.push(report)
  }
  const figure = (
    measure: string,
    unit: string,
    select: (report: KeyLoadReport) => number,
    target?: number,
    note?: string,
  ): Figure => ({
    kind: 'figure',
    name: `load, 1,000,000 keys, ${variant}: ${measure}`,
    unit,
    value: spreadOf(reports.map(select)),
    target,
    note,
  })
  return [
    figure(
      'time',
      'ms',
      ({ loadMs }) => loadMs,
      LOAD_MS_TARGET,
      'including opening the SQLite file, which is in the page cache',
    ),
    figure(
      'CPU time',
      'ms',
      ({ cpuMs }) => cpuMs,
      undefined,
      'of all threads; less affected by other programs',
    ),
    figure(
      'longest pause',
      'ms',
      ({ pauseMs }) => pauseMs,
      PAUSE_MS_TARGET,
      'in which nothing else of the process runs, while it loads',
    ),
    figure(
      'time from a file',
      'ms',
      ({ fileLoadMs }) => fileLoadMs,
      FILE_LOAD_MS_TARGET,
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
