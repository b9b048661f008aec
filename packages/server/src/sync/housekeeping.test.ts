import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../store/open.ts'
import { change } from '../store/testing/examples/audit-events.ts'
import { consumer } from '../store/testing/examples/consumers.ts'
import { FIRST_MS } from '../store/testing/examples/example.ts'
import { run } from '../store/testing/examples/schedule-runs.ts'
import { insertOrganization } from '../store/testing/fixtures.ts'
import { startHousekeeping } from './housekeeping.ts'

const DAY_MS = 86_400_000

test('deletes runs older than 30 days, and changes and idempotent responses older than one day', async () => {
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
    for (const age of [30 * DAY_MS + 1, 30 * DAY_MS]) await store.claimRun(run('acme', nowMs - age))
    const faults: unknown[] = []
    const housekeeping = startHousekeeping({
      store,
      nowMs: () => nowMs,
      onFault: (cause) => faults.push(cause),
    })
    // Disposal waits for pruning to finish.
    await housekeeping[Symbol.asyncDispose]()
    expect(faults).toEqual([])
    const runs = await store.read.scheduleRuns.list('acme', 'test', 'orders', { limit: 10 })
    expect(runs.items.map(({ dueAtMs }) => nowMs - dueAtMs)).toEqual([30 * DAY_MS])
    expect(await store.feed.changesAfter(0, 10)).toBe('pruned')
    expect(await store.feed.changesAfter(1, 10)).toHaveLength(1)
    expect(await store.read.idempotency.find('setup', 'old')).toBeUndefined()
    expect(await store.read.idempotency.find('setup', 'young')).toBeDefined()
  }
  await rm(folder, { recursive: true })
})
