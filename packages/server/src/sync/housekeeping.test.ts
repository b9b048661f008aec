import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../store/open.ts'
import { USAGE_INTERVALS } from '../store/port/usage.ts'
import { change } from '../store/testing/examples/audit-events.ts'
import { consumer } from '../store/testing/examples/consumers.ts'
import { FIRST_MS } from '../store/testing/examples/example.ts'
import { invitation } from '../store/testing/examples/invitations.ts'
import { keyId } from '../store/testing/examples/keys.ts'
import { person } from '../store/testing/examples/people.ts'
import { run } from '../store/testing/examples/schedule-runs.ts'
import { session } from '../store/testing/examples/sessions.ts'
import { usageRow } from '../store/testing/examples/usage.ts'
import { insertOrganization } from '../store/testing/fixtures.ts'
import { startHousekeeping } from './housekeeping.ts'
import { eventually } from '../../../../test/support/eventually.ts'

const DAY_MS = 86_400_000

test('deletes runs older than 30 days, changes and idempotent responses older than one day, ended sessions, tickets and invitations, and old counts of requests', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-housekeeping-'))
  let nowMs = FIRST_MS
  {
    await using store = await openStore({
      kind: 'sqlite',
      file: join(folder, 'store.db'),
      nowMs: () => nowMs,
    })
    await store.write((tx) => insertOrganization(tx, 'acme'))
    nowMs += 1
    await change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_1')))
    const answer = { scope: 'setup', requestDigest: 'd', sealedResult: 's' }
    await store.write(async (tx) => {
      await tx.idempotency.save({ ...answer, key: 'old', createdAtMs: FIRST_MS })
      await tx.idempotency.save({ ...answer, key: 'young', createdAtMs: FIRST_MS + 1 })
    })
    nowMs = FIRST_MS + DAY_MS + 1
    const ends = [nowMs - 1, nowMs]
    await store.write(async (tx) => {
      await tx.people.insert(person('mem_1'))
      for (const expiresAtMs of ends) {
        const digest = `digest-${expiresAtMs}`
        await tx.sessions.insert({ ...session('mem_1', digest), tokenDigest: digest, expiresAtMs })
        await tx.tickets.insert({
          digest,
          purpose: 'password-reset',
          person: 'mem_1',
          sealed: '',
          expiresAtMs,
        })
      }
    })
    await change(store, 'acme', (tx) =>
      tx.invitations.insert(invitation('acme', 'inv_1', { expiresAtMs: 0 })),
    )
    for (const age of [30 * DAY_MS + 1, 30 * DAY_MS]) await store.claimRun(run('acme', nowMs - age))
    const minuteMs = nowMs - (nowMs % USAGE_INTERVALS.minute)
    const ages = [1, 3]
    await store.addUsage(ages.map((days) => usageRow({ minuteMs: minuteMs - days * DAY_MS })))
    const faults: unknown[] = []
    const housekeeping = startHousekeeping({
      store,
      nowMs: () => nowMs,
      usageLimits: { days: { minute: 2, hour: 90, day: 730 }, rows: 1000 },
      onFault: (cause) => faults.push(cause),
    })
    // Disposal waits for pruning to finish.
    await housekeeping[Symbol.asyncDispose]()
    expect(faults).toEqual([])
    const runs = await store.read.scheduleRuns.list('acme', 'test', 'orders', { limit: 10 })
    expect(runs.items.map(({ dueAtMs }) => nowMs - dueAtMs)).toEqual([30 * DAY_MS])
    expect(await store.feed.changesAfter(0, 10)).toBe('pruned')
    expect(await store.feed.changesAfter(1, 10)).toHaveLength(1)
    const usage = await store.read.usage.sums('acme', {
      interval: 'minute',
      fromMs: minuteMs - 4 * DAY_MS,
      toMs: minuteMs,
      limit: 10,
    })
    expect(usage.items.map(({ atMs }) => (minuteMs - atMs) / DAY_MS)).toEqual([1])
    const left = async (find: (digest: string) => Promise<unknown>): Promise<boolean[]> =>
      await Promise.all(ends.map(async (endMs) => (await find(`digest-${endMs}`)) !== undefined))
    expect(await left((digest) => store.read.sessions.byToken(digest))).toEqual([false, true])
    expect(await left((digest) => store.read.tickets.find(digest))).toEqual([false, true])
    expect(await store.read.invitations.get('acme', 'inv_1')).toBeUndefined()
    expect(await store.read.idempotency.find('setup', 'old')).toBeUndefined()
    expect(await store.read.idempotency.find('setup', 'young')).toBeDefined()
  }
  await rm(folder, { recursive: true })
})

test('adds the counts of many keys that an earlier process has stored to the sums', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-housekeeping-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true }))
  const open = { kind: 'sqlite', file: join(folder, 'store.db'), nowMs: () => FIRST_MS } as const
  const minuteMs = FIRST_MS - (FIRST_MS % USAGE_INTERVALS.minute)
  {
    await using earlier = await openStore(open)
    await earlier.receiveUsage(
      Array.from({ length: 100 }, (_, index) => usageRow({ minuteMs, keyId: keyId(String(index)) })),
    )
  }
  const store = stack.use(await openStore(open))
  const faults: unknown[] = []
  stack.use(
    startHousekeeping({
      store,
      nowMs: () => FIRST_MS,
      usageLimits: { days: { minute: 2, hour: 90, day: 730 }, rows: 1000 },
      onFault: (cause) => faults.push(cause),
    }),
  )
  await eventually(async () => {
    const usage = await store.read.usage.sums('acme', {
      interval: 'minute',
      fromMs: minuteMs,
      toMs: minuteMs + USAGE_INTERVALS.minute,
      limit: 10,
    })
    expect(usage.items).toMatchObject([{ requests: 100 }])
  })
  expect(faults).toEqual([])
})
