import { once } from 'node:events'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Snapshot } from '@sallyport/core'
import { keepRequestsYoung } from '../../packages/server/src/startup/garbage-collection.ts'
import { CellWriter } from '../../packages/server/src/sync/cell-writer.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import { ThreadSnapshots } from '../../packages/server/src/sync/thread-snapshots.ts'
import { syntheticConsumer, syntheticKeyRecord } from '../synthetic/records.ts'
import { reportToParent } from './parent.ts'

/*
 * Measures what a second thread adds to the memory of a process with many keys. Argument: the number of keys, each with a
 * consumer of its own. Needs `--expose-gc`.
 */

export interface ThreadMemoryReport {
  readonly keys: number
  /** What the tables of the first thread take. */
  readonly tableBytes: number
  /** The increase of resident memory when the second thread gets the tables. */
  readonly addedBytes: number
  /** The time until the second thread has them. */
  readonly handOverMs: number
  /** The median time until it has a change of one key, in µs. */
  readonly changeMicros: number
}

const BATCH = 10_000
const CHANGES = 200
const SETTLE_MS = 100
const SETTLED_BYTES = 256 * 1024
const ROUNDS_SETTLED = 5
const ROUNDS_MAX = 100

if (globalThis.gc === undefined) throw new Error('this target needs --expose-gc')
keepRequestsYoung()
const keys = Number(process.argv[2])
const thread = new Worker(new URL('./reading-thread.ts', import.meta.url))
await once(thread, 'message')

async function ask(message: unknown): Promise<void> {
  const done = once(thread, 'message')
  thread.postMessage(message)
  await done
}

/** The resident memory when both threads have returned what they do not need. */
async function settledBytes(): Promise<number> {
  let bytes = Infinity
  for (let round = 0, unchanged = 0; round < ROUNDS_MAX && unchanged < ROUNDS_SETTLED; round += 1) {
    await ask('settle')
    globalThis.gc?.()
    await setTimeout(SETTLE_MS)
    const before = bytes
    bytes = process.memoryUsage.rss()
    unchanged = Math.abs(before - bytes) < SETTLED_BYTES ? unchanged + 1 : 0
  }
  return bytes
}

async function* batches() {
  yield [
    { kind: 'organization', slug: 'acme' } as const,
    { kind: 'environment', organization: 'acme', name: 'prod' } as const,
  ]
  for (let first = 0; first < keys; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, keys - first) }, (_, index) => first + index)
    yield numbers.map((number) => syntheticConsumer(number))
    yield numbers.map((number) => syntheticKeyRecord(number, keys))
    await setImmediate()
  }
}

const cell = new SnapshotCell()
const writer = new CellWriter(cell)
await writer.load({ revision: 1, hash: '' }, batches())
const snapshots = new ThreadSnapshots([ask])
await snapshots.send(Snapshot.empty(), 'all')
const before = await settledBytes()
const started = performance.now()
const newest = cell.onShare(async (snapshot, records) => await snapshots.send(snapshot, records))
await snapshots.send(newest, 'all')
const handOverMs = performance.now() - started
const after = await settledBytes()
const times: number[] = []
for (let number = 0; number < CHANGES; number += 1) {
  const records = [{ ...syntheticKeyRecord(number, keys), active: false }]
  const changed = performance.now()
  await writer.apply([{ revision: number + 2, hash: String(number), atMs: 0, records }])
  times.push((performance.now() - changed) * 1000)
}
times.sort((one, other) => one - other)
const report: ThreadMemoryReport = {
  keys: cell.current.keys.size,
  tableBytes: cell.current.tableBytes,
  addedBytes: after - before,
  handOverMs,
  changeMicros: times[CHANGES / 2] ?? Number.NaN,
}
await thread.terminate()
reportToParent(report)
