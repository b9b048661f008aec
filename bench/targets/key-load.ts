import { setImmediate } from 'node:timers/promises'
import { openStore } from '../../packages/server/src/store/open.ts'
import { Follower } from '../../packages/server/src/sync/follower.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import { reportToParent } from './parent.ts'

/*
 * From a SQLite file to a snapshot that a gateway can decide by, and what that costs in memory. Started with the file
 * and with `--expose-gc`.
 */

export interface KeyLoadReport {
  readonly keys: number
  /** From opening the store to the snapshot in the cell. */
  readonly loadMs: number
  /** What the process has more of than before, once all garbage is gone and the store is closed. */
  readonly residentBytes: number
  readonly heapAndExternalBytes: number
  /** The most that the process ever had resident, over what it had before. */
  readonly peakResidentBytes: number
}

interface Memory {
  readonly resident: number
  readonly heapAndExternal: number
}

/** Freed buffers are given back by finalizers, which run after the collection that found them. */
const COLLECTIONS = 4

async function settledMemory(): Promise<Memory> {
  for (let round = 0; round < COLLECTIONS; round += 1) {
    globalThis.gc?.()
    await setImmediate()
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, heapAndExternal: heapUsed + external }
}

if (globalThis.gc === undefined) throw new Error('this target needs --expose-gc')
const file = process.argv[2] ?? ''
const cell = new SnapshotCell()
const before = await settledMemory()

const startedAtMs = performance.now()
const store = await openStore({ kind: 'sqlite', file, nowMs: Date.now })
const follower = await Follower.start({
  feed: store.feed,
  cell,
  nowMs: Date.now,
  onFault: (cause) => {
    throw cause
  },
  onRecovered: () => undefined,
})
const loadMs = performance.now() - startedAtMs

const peakResident = process.resourceUsage().maxRSS * 1024
await follower[Symbol.asyncDispose]()
await store[Symbol.asyncDispose]()
const after = await settledMemory()
const report: KeyLoadReport = {
  keys: cell.current.keys.size,
  loadMs,
  residentBytes: after.resident - before.resident,
  heapAndExternalBytes: after.heapAndExternal - before.heapAndExternal,
  peakResidentBytes: peakResident - before.resident,
}
reportToParent(report)
