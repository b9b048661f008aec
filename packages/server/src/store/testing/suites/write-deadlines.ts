import { describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

const WRITE_MS_MAX = 400
/** For timers on a busy machine. */
const LATE_MS_MAX = 400

const idsOf = async (store: Store): Promise<readonly string[]> =>
  (await store.read.consumers.list('acme', EVERYTHING)).items.map(({ id }) => id)

/** Opens a store whose writes have little time, with the organization `acme`. */
async function openHasty(db: TestDatabase): Promise<Store> {
  const store = await db.open(Date.now, WRITE_MS_MAX)
  await store.write((tx) => insertOrganization(tx, 'acme'))
  return store
}

/** Inserts a consumer, and says how the write ended and how long it took. */
async function timed(store: Store, id: string): Promise<{ readonly code: string; readonly ms: number }> {
  const startedAtMs = performance.now()
  const write = change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', id)))
  const code = await refusalOf(write).catch(() => 'written')
  return { code, ms: performance.now() - startedAtMs }
}

/** Each write has a deadline from its arrival. */
export function writeDeadlinesContract(database: () => Promise<TestDatabase>): void {
  describe('a write that is not done in time', () => {
    test('is refused while another process holds the write lock, and is not done later', async () => {
      await using db = await database()
      await using store = await openHasty(db)
      await using other = await db.open()
      const entered = Promise.withResolvers<void>()
      const mayCommit = Promise.withResolvers<void>()
      const holding = change(other, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_holder'))
        entered.resolve()
        await mayCommit.promise
      })
      await entered.promise
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => timed(store, `con_late_${index}`)),
      )
      expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['unavailable']))
      expect(Math.max(...results.map(({ ms }) => ms))).toBeLessThan(WRITE_MS_MAX + LATE_MS_MAX)
      mayCommit.resolve()
      await holding
      expect((await timed(store, 'con_after')).code).toBe('written')
      expect(await idsOf(store)).toEqual(['con_after', 'con_holder'])
    })

    test('is rolled back when its own work takes too long, and the next write goes on', async () => {
      await using db = await database()
      await using store = await openHasty(db)
      const never = Promise.withResolvers<void>()
      const startedAtMs = performance.now()
      const slow = refusalOf(
        change(store, 'acme', async (tx) => {
          await tx.consumers.insert(consumer('acme', 'con_slow'))
          await never.promise
        }),
      )
      expect(await slow).toBe('unavailable')
      expect(performance.now() - startedAtMs).toBeLessThan(WRITE_MS_MAX + LATE_MS_MAX)
      expect((await timed(store, 'con_next')).code).toBe('written')
      expect(await idsOf(store)).toEqual(['con_next'])
    })

    test('cannot commit when its work ends after the deadline', async () => {
      await using db = await database()
      await using store = await openHasty(db)
      const blocked = change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_blocked'))
        // Blocks the thread, so that no timer fires before the commit.
        const untilMs = performance.now() + WRITE_MS_MAX + 50
        while (performance.now() < untilMs);
      })
      expect(await refusalOf(blocked)).toBe('unavailable')
      expect((await timed(store, 'con_next')).code).toBe('written')
      expect(await idsOf(store)).toEqual(['con_next'])
    })

    test('is refused in the queue behind a slow one, and is not done later', async () => {
      await using db = await database()
      await using store = await openHasty(db)
      const mayEnd = Promise.withResolvers<void>()
      const slow = change(store, 'acme', () => mayEnd.promise).catch(() => 'refused')
      const queued = await Promise.all(
        Array.from({ length: 20 }, (_, index) => timed(store, `con_queued_${index}`)),
      )
      expect(new Set(queued.map(({ code }) => code))).toEqual(new Set(['unavailable']))
      expect(Math.max(...queued.map(({ ms }) => ms))).toBeLessThan(WRITE_MS_MAX + LATE_MS_MAX)
      expect(await slow).toBe('refused')
      mayEnd.resolve()
      expect((await timed(store, 'con_after')).code).toBe('written')
      expect(await idsOf(store)).toEqual(['con_after'])
    })
  })
}
