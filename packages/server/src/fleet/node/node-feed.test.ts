import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fleetKeys } from '../../crypto/derived/fleet-keys.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/port/store.ts'
import { insertOrganization } from '../../store/testing/fixtures.ts'
import { createMigratedFile } from '../../store/testing/migrated-file.ts'
import { BlockWriter } from './block-writer.ts'
import { NodeFeed } from './node-feed.ts'
import { NodeLease } from './node-lease.ts'

let folder: string
let store: Store
let feed: NodeFeed
/** What the next renewal of the lease waits for. */
let renewal: Promise<void>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  const file = join(folder, 'store.db')
  await createMigratedFile(file)
  store = await openStore({ kind: 'sqlite', file, nowMs: Date.now })
  renewal = Promise.resolve()
  const { attachments } = store
  const monotonicMs = (): number => performance.now()
  const lease = new NodeLease({
    attachments: {
      ...attachments,
      async renewNode(...args) {
        await renewal
        return await attachments.renewNode(...args)
      },
    },
    leaseMs: 60_000,
    monotonicMs,
    nowMs: Date.now,
  })
  const writer = new BlockWriter(fleetKeys(new Uint8Array(32)), { unseal: (sealed) => sealed })
  feed = new NodeFeed({ feed: store.feed, lease, writer, monotonicMs })
})

afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

test('a change is told while the lease is being renewed, and no grant relies on it before', async () => {
  const { head: before } = await feed.read()
  const held = Promise.withResolvers<void>()
  renewal = held.promise
  let isGranted = false
  const granted = feed.read(true).finally(() => (isGranted = true))
  await store.write((tx) => insertOrganization(tx, 'acme'))
  const told = Promise.withResolvers<number | undefined>()
  feed.onChange(() => told.resolve(feed.head?.revision))
  await feed.catchUp()
  expect(await told.promise).toBe(before.revision + 1)
  expect(isGranted).toBe(false)
  held.resolve()
  expect((await granted).head.revision).toBeLessThanOrEqual(before.revision + 1)
})

test('all that ask for changes before a reading begins share it', async () => {
  await feed.read()
  await store.write((tx) => insertOrganization(tx, 'acme'))
  let calls = 0
  feed.onChange(() => (calls += 1))
  const heads = await Promise.all(Array.from({ length: 20 }, async () => await feed.catchUp()))
  expect(new Set(heads.map(({ revision }) => revision))).toEqual(new Set([feed.head?.revision]))
  expect(calls).toBe(1)
})
