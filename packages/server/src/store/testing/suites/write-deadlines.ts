import type { Problem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

const WRITE_MS_MAX = 400

const idsOf = async (store: Store): Promise<readonly string[]> =>
  (await store.read.consumers.list('acme', EVERYTHING)).items.map(({ id }) => id)

/** Opens a store whose writes have little time, with the organization `acme`. */
async function openHasty(db: TestDatabase): Promise<Store> {
  {
    await using patient = await db.open()
    await patient.write((tx) => insertOrganization(tx, 'acme'))
  }
  return await db.open(Date.now, WRITE_MS_MAX)
}

/** Inserts a consumer, and says how the write ended. */
async function insert(store: Store, id: string): Promise<string> {
  const write = change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', id)))
  return await refusalOf(write).catch(() => 'written')
}

/** Inserts a consumer, which may take more than one attempt on a busy machine: each has little time. */
async function insertAtLast(store: Store, id: string): Promise<void> {
  while ((await insert(store, id)) === 'unavailable');
}

/** Blocks the thread. */
function block(ms: number): void {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs);
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
        Array.from({ length: 20 }, (_, index) => insert(store, `con_late_${index}`)),
      )
      expect(new Set(results)).toEqual(new Set(['unavailable']))
      mayCommit.resolve()
      await holding
      await insertAtLast(store, 'con_after')
      expect(await idsOf(store)).toEqual(['con_after', 'con_holder'])
    })

    test('is rolled back when its own work takes too long, and the next write goes on', async () => {
      await using db = await database()
      await using store = await openHasty(db)
      const never = Promise.withResolvers<void>()
      const slow = refusalOf(
        change(store, 'acme', async (tx) => {
          await tx.consumers.insert(consumer('acme', 'con_slow'))
          await never.promise
        }),
      )
      expect(await slow).toBe('unavailable')
      await insertAtLast(store, 'con_next')
      expect(await idsOf(store)).toEqual(['con_next'])
    })

    test('leaves nothing, even if its work goes on at the very end of its time', async () => {
      await using db = await database()
      {
        await using patient = await db.open()
        await patient.write((tx) => insertOrganization(tx, 'acme'))
      }
      await using store = await db.open(Date.now, 15)
      const left: string[] = []
      for (let round = 0; round < 60; round += 1) {
        const refused = await refusalOf(
          change(store, 'acme', async (tx) => {
            for (let index = 0; ; index += 1) {
              await tx.consumers.insert(consumer('acme', `con_${round}_${index}`))
            }
          }),
        )
        expect(refused).toBe('unavailable')
        left.push(...(await idsOf(store)))
      }
      expect(left).toEqual([])
    })

    test('was not done if its refusal says so, however near its deadline the commit was', async () => {
      await using db = await database()
      {
        await using patient = await db.open()
        await patient.write((tx) => insertOrganization(tx, 'acme'))
      }
      await using store = await db.open(Date.now, 40)
      const untilMs = performance.now() + 1_500
      const notDone: string[] = []
      const write = async (writer: number): Promise<void> => {
        for (let round = 0; performance.now() < untilMs; round += 1) {
          const id = `con_${writer}_${round}`
          try {
            await change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', id)))
          } catch (error) {
            if ((error as Problem).detail.includes('was not done')) notDone.push(id)
          }
        }
      }
      await Promise.all(Array.from({ length: 100 }, (_, writer) => write(writer)))
      const done = new Set(await idsOf(store))
      expect(notDone.length).toBeGreaterThan(0)
      expect(notDone.filter((id) => done.has(id))).toEqual([])
    })

    test('cannot commit when its work ends after the deadline', async () => {
      await using db = await database()
      await using store = await openHasty(db)
      const blocked = change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_blocked'))
        // No timer fires before the commit.
        block(WRITE_MS_MAX + 50)
      })
      expect(await refusalOf(blocked)).toBe('unavailable')
      await insertAtLast(store, 'con_next')
      expect(await idsOf(store)).toEqual(['con_next'])
    })

    test('is refused in the queue behind a slow one, and is not done later', async () => {
      await using db = await database()
      await using store = await openHasty(db)
      // All arrive before the slow one works. It blocks the thread until the deadline of the last one is over.
      const slow = refusalOf(change(store, 'acme', async () => block(WRITE_MS_MAX + 50)))
      const queued = Array.from({ length: 20 }, (_, index) => insert(store, `con_queued_${index}`))
      expect(new Set(await Promise.all([slow, ...queued]))).toEqual(new Set(['unavailable']))
      await insertAtLast(store, 'con_after')
      expect(await idsOf(store)).toEqual(['con_after'])
    })
  })
}
