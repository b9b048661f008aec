import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../store/open.ts'
import { FIRST_MS } from '../store/testing/examples/example.ts'
import { change } from '../store/testing/examples/audit-events.ts'
import { portalSession } from '../store/testing/examples/portal-sessions.ts'
import { insertOrganization } from '../store/testing/fixtures.ts'
import { startHousekeeping } from './housekeeping.ts'

const DAY_MS = 86_400_000
const NOW_MS = FIRST_MS + 100 * DAY_MS

test('housekeeping removes portal sessions that expired 30 days ago, and records it without their secrets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-portal-sessions-'))
  {
    await using store = await openStore({
      kind: 'sqlite',
      file: join(folder, 'store.db'),
      nowMs: () => NOW_MS,
    })
    await store.write((tx) => insertOrganization(tx, 'acme'))
    await change(store, 'acme', async (tx) => {
      for (const [id, expiresAtMs] of [
        ['por_old', NOW_MS - 30 * DAY_MS - 1],
        ['por_young', NOW_MS - 30 * DAY_MS],
      ] as const)
        await tx.portalSessions.insert(portalSession('acme', id, { expiresAtMs }))
    })
    const faults: unknown[] = []
    const housekeeping = startHousekeeping({
      store,
      nowMs: () => NOW_MS,
      usageLimits: { days: { minute: 2, hour: 90, day: 730 }, rows: 1000 },
      onFault: (cause) => faults.push(cause),
    })
    // Disposal waits for the work in progress.
    await housekeeping[Symbol.asyncDispose]()
    expect(faults).toEqual([])
    const { items } = await store.read.portalSessions.list('acme', { limit: 10 })
    expect(items.map(({ id }) => id)).toEqual(['por_young'])
    const audited = await store.read.audit.list('acme', { limit: 200 })
    const removals = audited.items.filter(({ action }) => action === 'portal-sessions.remove')
    expect(removals).toMatchObject([
      { actor: 'housekeeping', target: 'portal-session/por_old', before: { consumer: 'con_1' }, after: null },
    ])
    expect(JSON.stringify(removals)).not.toMatch(/link of|token of/)
  }
  await rm(folder, { recursive: true })
})
