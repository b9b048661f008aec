import { setTimeout } from 'node:timers/promises'
import { keepRequestsYoung } from '../../packages/server/src/startup/garbage-collection.ts'
import { openStore } from '../../packages/server/src/store/open.ts'
import { Follower } from '../../packages/server/src/sync/follower.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import { reportToParent } from './parent.ts'

/*
 * Measures loading a snapshot from a SQLite file, and its memory use. Argument: the file. Needs `--expose-gc`.
 */

export interface KeyLoadReport {
  readonly keys: number
  /** The time from opening the store to the loaded snapshot. */
  readonly loadMs: number
  /** The CPU time of all threads in that time, which other programs affect less. */
  readonly cpuMs: number
  /** The increase over the memory before loading, after garbage collection and with the store closed. */
  readonly residentBytes: number
  readonly heapAndExternalBytes: number
  /** The peak resident memory, as an increase over the memory before loading. */
  readonly peakResidentBytes: number
}

interface Memory {
  readonly resident: number
  readonly heapAndExternal: number
}

/** Other threads return memory after a collection, so it is measured until it changes by less than this. */
const SETTLED_BYTES = 256 * 1024
const COLLECTIONS_MAX = 50
const COLLECTION_PAUSE_MS = 20

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
const file = process.argv[2] ?? ''
const cell = new SnapshotCell()
const before = await settledMemory()

const cpuBefore = process.cpuUsage()
const startedAtMs = performance.now()
const store = await openStore({ kind: 'sqlite', file, nowMs: Date.now })
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

const peakResident = process.resourceUsage().maxRSS * 1024
await follower[Symbol.asyncDispose]()
await store[Symbol.asyncDispose]()
const after = await settledMemory()
const report: KeyLoadReport = {
  keys: cell.current.keys.size,
  loadMs,
  cpuMs: (cpu.user + cpu.system) / 1000,
  residentBytes: after.resident - before.resident,
  heapAndExternalBytes: after.heapAndExternal - before.heapAndExternal,
  peakResidentBytes: peakResident - before.resident,
}
reportToParent(report)
