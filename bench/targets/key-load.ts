import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Snapshot } from '@sallyport/core'
import { keepRequestsYoung } from '../../packages/server/src/startup/garbage-collection.ts'
import { openStore } from '../../packages/server/src/store/open.ts'
import { loadOptions } from '../../packages/server/src/sync/cell-writer.ts'
import { Follower } from '../../packages/server/src/sync/follower.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import { percentileOf } from '../statistics.ts'
import { reportToParent } from './parent.ts'

/*
 * Measures loading a snapshot from a store and from a file with its own bytes, its memory use, one change, and the pauses while
 * requests come. Arguments: `sqlite` or `postgres`, the file or the URL, and where to write the other file. Needs
 * `--expose-gc`.
 */

export interface KeyLoadReport {
  readonly keys: number
  /** The time from opening the store to the loaded snapshot. */
  readonly loadMs: number
  /** The CPU time of all threads in that time, which other programs affect less. */
  readonly cpuMs: number
  /** The increase over the memory before loading, after garbage collection and with the store closed. */
  readonly residentBytes: number
  /** What the rows, their indexes and their shared values take, and the rest of the heap and of buffers. */
  readonly tableAndHeapBytes: number
  /** The peak resident memory, as an increase over the memory before loading. */
  readonly peakResidentBytes: number
  /** The longest time in which nothing else of the process could run, while the snapshot was loaded from the store. */
  readonly pauseMs: number
  /** The same while it is loaded once more and another thread asks for a key each millisecond. */
  readonly reloadPauseMs: number
  /** The longest time in which such a question was answered. */
  readonly slowestLookupMs: number
  /** The time to read the snapshot from its own bytes in a file. */
  readonly fileLoadMs: number
  /** The median time of a change of one key, in µs. */
  readonly changeMicros: number
}

interface Memory {
  readonly resident: number
  readonly heapAndExternal: number
}

/** Other threads return memory after a collection, so it is measured until it changes by less than this. */
const SETTLED_BYTES = 256 * 1024
const COLLECTIONS_MAX = 50
const COLLECTION_PAUSE_MS = 20
const CHANGES = 1_000
const READ_BYTES = 256 * 1024

/** Asks each millisecond, and at the end says the longest time that an answer took, in ms. */
const ASKING_THREAD = `
  const { parentPort } = require('node:worker_threads')
  let askedAtMs = 0
  let slowestMs = 0
  parentPort.on('message', (message) => {
    if (message === 'end') return void parentPort.postMessage(slowestMs)
    slowestMs = Math.max(slowestMs, performance.now() - askedAtMs)
    setTimeout(ask, 1)
  })
  function ask() {
    askedAtMs = performance.now()
    parentPort.postMessage('ask')
  }
  ask()`

async function settledMemory(): Promise<Memory> {
  let resident = Infinity
  for (let round = 0; round < COLLECTIONS_MAX; round += 1) {
    globalThis.gc?.()
    await setTimeout(COLLECTION_PAUSE_MS)
    const before = resident
    resident = process.memoryUsage.rss()
    if (Math.abs(before - resident) < SETTLED_BYTES) break
  }
  const { heapUsed, external } = process.memoryUsage()
  return { resident, heapAndExternal: heapUsed + external }
}

if (globalThis.gc === undefined) throw new Error('this target needs --expose-gc')

keepRequestsYoung()
const [, , kind = '', location = '', bytesFile = ''] = process.argv
const settings =
  kind === 'postgres'
    ? { kind: 'postgres' as const, url: location }
    : { kind: 'sqlite' as const, file: location }
const cell = new SnapshotCell()
const before = await settledMemory()

const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
const cpuBefore = process.cpuUsage()
const startedAtMs = performance.now()
const store = await openStore({ ...settings, nowMs: Date.now })
const follower = await Follower.start({
  feed: store.feed,
  cell,
  monotonicMs: () => performance.now(),
  onForked: () => undefined,
  onFault: (cause) => {
    throw cause
  },
  onRecovered: () => undefined,
})
const loadMs = performance.now() - startedAtMs
const cpu = process.cpuUsage(cpuBefore)
delays.disable()

const peakResident = process.resourceUsage().maxRSS * 1024
await follower[Symbol.asyncDispose]()
const reload = await measureReload()
await store[Symbol.asyncDispose]()
const after = await settledMemory()

/** Loads the snapshot again while another thread asks for keys of the present one. */
async function measureReload(): Promise<{ readonly pauseMs: number; readonly slowestLookupMs: number }> {
  const snapshot = cell.current
  const ids = [...snapshot.keys.views().take(CHANGES)].map(({ id }) => id)
  const asking = new Worker(ASKING_THREAD, { eval: true })
  const slowest = Promise.withResolvers<number>()
  let asked = 0
  asking.on('message', (message: number | 'ask') => {
    if (message !== 'ask') {
      slowest.resolve(message)
      return
    }
    const id = ids[(asked += 1) % ids.length]
    const key = id === undefined ? undefined : snapshot.keys.find(id)
    asking.postMessage(key === undefined ? undefined : snapshot.consumerOf(key)?.name)
  })
  const reloadDelays = monitorEventLoopDelay({ resolution: 1 })
  reloadDelays.enable()
  await store.feed.loadSnapshot(loadOptions())
  reloadDelays.disable()
  asking.postMessage('end')
  const slowestLookupMs = await slowest.promise
  await asking.terminate()
  return { pauseMs: reloadDelays.max / 1e6, slowestLookupMs }
}

/** The time of each of a thousand changes of a key, in µs: their median. */
function measureChange(snapshot: Snapshot): number {
  const spentMicros: number[] = []
  let changed = snapshot
  for (const view of snapshot.keys.views().take(CHANGES)) {
    const records = [{ ...view.toRecord(), active: false }]
    const started = performance.now()
    changed = changed.apply({ revision: changed.revision + 1, atMs: 0, records })
    spentMicros.push((performance.now() - started) * 1000)
  }
  return percentileOf(
    spentMicros.toSorted((left, right) => left - right),
    50,
  )
}

async function measureFile(snapshot: Snapshot): Promise<number> {
  const handle = await open(bytesFile, 'w')
  for await (const bytes of snapshot.toBytes(setImmediate)) await handle.writeFile(bytes)
  await handle.close()
  const started = performance.now()
  const stream = createReadStream(bytesFile, { highWaterMark: READ_BYTES })
  const read = await Snapshot.fromBytes(stream as AsyncIterable<Uint8Array>, setImmediate)
  if (read.keys.size !== snapshot.keys.size) throw new Error('the file has other keys')
  return performance.now() - started
}

const report: KeyLoadReport = {
  keys: cell.current.keys.size,
  loadMs,
  cpuMs: (cpu.user + cpu.system) / 1000,
  residentBytes: after.resident - before.resident,
  tableAndHeapBytes: cell.current.tableBytes + after.heapAndExternal - before.heapAndExternal,
  peakResidentBytes: peakResident - before.resident,
  pauseMs: delays.max / 1e6,
  reloadPauseMs: reload.pauseMs,
  slowestLookupMs: reload.slowestLookupMs,
  changeMicros: measureChange(cell.current),
  fileLoadMs: await measureFile(cell.current),
}
reportToParent(report)
