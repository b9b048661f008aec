import { setTimeout } from 'node:timers/promises'
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
  /** The CPU time of all threads meanwhile, which other programs on the machine change less. */
  readonly cpuMs: number
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

/** Other threads give memory back after a collection: it is asked again until this little changes. */
const SETTLED_BYTES = 256 * 1024
const COLLECTIONS_MAX = 50
const BETWEEN_COLLECTIONS_MS = 20

async function settledMemory(): Promise<Memory> {
  let resident = Infinity
  for (let round = 0; round < COLLECTIONS_MAX; round += 1) {
    globalThis.gc?.()
    await setTimeout(BETWEEN_COLLECTIONS_MS)
    const before = resident
    resident = process.memoryUsage.rss()
    if (Math.abs(before - resident) < SETTLED_BYTES) break
  }
  const { heapUsed, external } = process.memoryUsage()
  return { resident, heapAndExternal: heapUsed + external }
}

if (globalThis.gc === undefined) throw new Error('this target needs --expose-gc')
const file = process.argv[2] ?? ''
const cell = new SnapshotCell()
const before = await settledMemory()

const cpuBefore = process.cpuUsage()
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
