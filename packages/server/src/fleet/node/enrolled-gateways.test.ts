import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/port/store.ts'
import { insertOrganization, readSnapshot } from '../../store/testing/fixtures.ts'
import { createMigratedFile } from '../../store/testing/migrated-file.ts'
import { EnrolledGateways } from './enrolled-gateways.ts'
import { NodeLease } from './node-lease.ts'

const LEASE_MS = 2_000
/** Longer than any lease with its margin. */
const LONG_MS = 3_000

let folder: string
let store: Store
let nowMs: number
let lease: NodeLease
let gateways: EnrolledGateways
let revision: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  const file = join(folder, 'store.db')
  await createMigratedFile(file)
  store = await openStore({ kind: 'sqlite', file, nowMs: Date.now })
  nowMs = 1_000
  const monotonicMs = (): number => nowMs
  lease = new NodeLease({ attachments: store.attachments, leaseMs: LEASE_MS, monotonicMs, nowMs: Date.now })
  gateways = new EnrolledGateways({
    attachments: store.attachments,
    leaseMs: LEASE_MS,
    monotonicMs,
    async registeredSinceMs() {
      while (!(await lease.renew(nowMs)));
      return lease.registeredAtMs
    },
    refusesFrom: async () => await Promise.resolve(0),
    onRead: () => undefined,
    onFault: (cause) => {
      throw cause
    },
  })
  await store.enrolments.addToken({
    digest: 'token',
    name: 'edge',
    role: 'gateway',
    usesLeft: 9,
    createdAtMs: 1,
    expiresAtMs: Date.now() + 60_000,
  })
  await store.enrolments.enrol('token', { id: 'gw_a', credentialDigest: 'a' }, Date.now())
  await store.write((tx) => insertOrganization(tx, 'acme'))
  revision = (await readSnapshot(store)).revision
})

afterEach(async () => {
  await gateways[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const stateOf = async (): Promise<string | undefined> =>
  (await gateways.confirm(revision, 0)).gateways[0]?.state

test('a lease counts as over only when this node has been registered for longer than a lease lasts', async () => {
  expect(await stateOf()).toBe('pending')
  await attachAndEnd()
  nowMs += LEASE_MS
  expect(await stateOf()).toBe('pending')
  nowMs += LONG_MS
  expect(await stateOf()).toBe('past')
})

/** Attaches the gateway to this node, and ends that. */
async function attachAndEnd(): Promise<void> {
  const number = (await store.attachments.attach('gw_a', lease.id, 5)) ?? 0
  await store.attachments.markPast('gw_a', number)
}

test('a database that has lost the registration is believed nothing for as long', async () => {
  await stateOf()
  await attachAndEnd()
  nowMs += LONG_MS
  expect(await stateOf()).toBe('past')
  // A copy of the database from before has an older row.
  await store.attachments.endNode(lease.id)
  expect(await stateOf()).toBe('pending')
  nowMs += LONG_MS
  expect(await stateOf()).toBe('past')
})

test('a gateway that has reported the change has applied it, whatever its lease', async () => {
  await stateOf()
  const number = (await store.attachments.attach('gw_a', lease.id, 5)) ?? 0
  expect(await stateOf()).toBe('pending')
  const { hash } = await readSnapshot(store)
  await store.attachments.report([{ id: 'gw_a', attachment: number, revision, hash, seenAtMs: 6, facts: {} }])
  expect(await stateOf()).toBe('applied')
  await store.attachments.markPast('gw_a', number)
  expect(await stateOf()).toBe('applied')
})

test('the gateways of a node that is gone are past their leases when each grant must be over', async () => {
  await stateOf()
  nowMs += LONG_MS
  await store.attachments.registerNode({ id: 'another', leaseMs: LEASE_MS, seenAtMs: 5 })
  await store.attachments.attach('gw_a', 'another', 5)
  await gateways.list()
  nowMs += LEASE_MS
  await gateways.list()
  expect(await stateOf()).toBe('pending')
  nowMs += LONG_MS
  await gateways.list()
  expect(await stateOf()).toBe('past')
  expect(await store.attachments.nodes()).toHaveLength(1)
})

test('a gateway that was never attached is in no receipt, once the database is believed', async () => {
  // It may be an older copy of the database, and the gateway may be attached to this node.
  expect(await stateOf()).toBe('pending')
  nowMs += LONG_MS
  expect(await gateways.confirm(revision, 0)).toEqual({ gateways: [], isComplete: true })
  expect(await gateways.list()).toMatchObject([
    { id: 'gw_a', wasAttached: false, isPast: true, isStale: false },
  ])
  expect([gateways.size, gateways.pastLeases]).toEqual([1, 0])
  await attachAndEnd()
  expect(await stateOf()).toBe('past')
  expect(await gateways.list()).toMatchObject([
    { id: 'gw_a', wasAttached: true, isPast: true, isStale: true },
  ])
  expect(gateways.pastLeases).toBe(1)
})
