import { setTimeout } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { FollowedThread } from '../../packages/server/src/sync/followed-thread.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import type { SnapshotPart } from '../../packages/server/src/sync/snapshot-parts.ts'
import { syntheticKey } from '../synthetic/keys.ts'

// The program of a thread that reads the snapshots which another thread writes, as a further thread of a gateway does.

const LOOKUPS = 10_000
const SETTLE_MS = 100

const cell = new SnapshotCell()
const followed = new FollowedThread(cell)

/** Reads some keys, as requests do, and returns memory that is not needed. */
async function settle(): Promise<void> {
  for (let number = 0; number < Math.min(LOOKUPS, cell.current.keys.size); number += 1) {
    const key = cell.current.keys.find(syntheticKey(number).id)
    if (key === undefined || cell.current.consumerOf(key) === undefined) throw new Error('a key is missing')
  }
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.()
    await setTimeout(SETTLE_MS)
  }
}

async function answer(part: SnapshotPart | 'settle'): Promise<void> {
  if (part === 'settle') await settle()
  else await followed.apply(part)
  parentPort?.postMessage('done')
}

parentPort?.on('message', (part: SnapshotPart | 'settle') => void answer(part))
parentPort?.postMessage('done')
