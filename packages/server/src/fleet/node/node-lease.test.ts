import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/port/store.ts'
import { createMigratedFile } from '../../store/testing/migrated-file.ts'
import { NodeLease } from './node-lease.ts'

const LEASE_MS = 10_000
const AWAY = new Error('the database is away')

let folder: string
let store: Store
/** How the next renewal fails: before or after it is stored. */
let failure: 'before' | 'after' | undefined
let lease: NodeLease

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  const file = join(folder, 'store.db')
  await createMigratedFile(file)
  store = await openStore({ kind: 'sqlite', file, nowMs: Date.now })
  failure = undefined
  const { attachments } = store
  lease = new NodeLease({
    attachments: {
      ...attachments,
      async renewNode(...args) {
        const kind = failure
        failure = undefined
        if (kind === 'before') throw AWAY
        const isRenewed = await attachments.renewNode(...args)
        if (kind === 'after') throw AWAY
        return isRenewed
      },
    },
    leaseMs: LEASE_MS,
    monotonicMs: () => 0,
    nowMs: Date.now,
  })
})

afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function renewals(): Promise<readonly (readonly [id: string, renewal: number])[]> {
  return (await store.attachments.nodes()).map(({ id, renewal }) => [id, renewal])
}

test('a node registers, and then renews its registration', async () => {
  expect(await lease.renew(1_000)).toBe(false)
  const { id } = lease
  expect(await lease.renew(2_000)).toBe(true)
  expect(await lease.renew(3_000)).toBe(true)
  expect([lease.id, lease.endsAtMs]).toEqual([id, 3_000 + LEASE_MS])
  expect(await renewals()).toEqual([[id, 3]])
})

test('a renewal that was not stored costs the registration, since the database may have been restored', async () => {
  await lease.renew(1_000)
  await lease.renew(2_000)
  const { id, endsAtMs } = lease
  failure = 'before'
  await expect(lease.renew(3_000)).rejects.toThrow(AWAY)
  // What it has granted holds as long as it said.
  expect([lease.id, lease.endsAtMs]).toEqual([id, endsAtMs])
  expect(await lease.renew(4_000)).toBe(false)
  expect(lease.id).not.toBe(id)
  expect(lease.endsAtMs).toBe(-Infinity)
  expect(await lease.renew(5_000)).toBe(true)
})

test('a renewal whose answer was lost keeps the registration, and extends the lease with the next one', async () => {
  await lease.renew(1_000)
  await lease.renew(2_000)
  const { id } = lease
  failure = 'after'
  await expect(lease.renew(3_000)).rejects.toThrow(AWAY)
  expect(lease.endsAtMs).toBe(2_000 + LEASE_MS)
  expect(await lease.renew(4_000)).toBe(true)
  expect([lease.id, lease.endsAtMs]).toEqual([id, 4_000 + LEASE_MS])
})

test('a node whose renewals the database does not know, as after a restoration, registers anew', async () => {
  await lease.renew(1_000)
  const { id } = lease
  await lease.renew(2_000)
  await store.attachments.endNode(id)
  await store.attachments.registerNode({ id, leaseMs: LEASE_MS, seenAtMs: 0 })
  expect(await lease.renew(3_000)).toBe(false)
  expect(lease.id).not.toBe(id)
})
