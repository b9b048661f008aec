import { describe, expect, test } from 'vitest'
import type { HandOverRow } from '../../port/keys/hand-overs.ts'
import type { Store } from '../../port/store.ts'
import { change, entry } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { handOver } from '../examples/hand-overs.ts'
import { key, keyId } from '../examples/keys.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

const KEPT = 3
const KEY = keyId('1')

/** Inserts hand-overs of one key. */
async function insert(store: Store, rows: readonly HandOverRow[]): Promise<void> {
  await change(store, 'acme', async (tx) => {
    for (const row of rows) await tx.handOvers.insert(row, KEPT)
  })
}

async function withKey(store: Store): Promise<void> {
  await store.write((tx) => insertOrganization(tx, 'acme'))
  await change(store, 'acme', (tx) => tx.keys.insert(key('acme', KEY)))
}

/** Ends at most `limit` hand-overs that have expired, 9 ms after the first time. */
async function expire(store: Store, limit: number): Promise<readonly HandOverRow[]> {
  const { value } = await store.write(async (tx) => {
    tx.audit(entry('acme'))
    return await tx.handOvers.endExpired(FIRST_MS + 9, limit)
  })
  return value
}

/** Links that show the token of a key once. */
export function handOversContract(database: () => Promise<TestDatabase>): void {
  describe('hand-overs', () => {
    test('lose the encrypted token when they end, and end only once', async () => {
      await using db = await database()
      await using store = await db.open()
      await withKey(store)
      const [first, second] = [handOver('acme', 'hov_1', KEY), handOver('acme', 'hov_2', KEY)]
      await insert(store, [first, second])
      expect(await store.read.handOvers.find('hov_1')).toEqual(first)
      const how = {
        state: 'opened',
        endedAtMs: FIRST_MS + 5,
        openerAddress: '198.51.100.7',
        openerUserAgent: 'Browser',
      } as const
      await change(store, 'acme', (tx) => tx.handOvers.end('acme', 'hov_1', how))
      expect(await store.read.handOvers.get('acme', 'hov_1')).toEqual({ ...first, ...how, sealed: null })
      expect(await store.read.handOvers.pendingOfKey('acme', KEY)).toEqual([second])
      const again = { state: 'withdrawn', endedAtMs: FIRST_MS + 6 } as const
      for (const refused of [
        change(store, 'acme', (tx) => tx.handOvers.end('acme', 'hov_1', again)),
        change(store, 'acme', (tx) => tx.handOvers.shorten('acme', 'hov_1', FIRST_MS)),
        change(store, 'acme', (tx) => tx.handOvers.end('rival', 'hov_2', again)),
      ]) {
        expect(await refusalOf(refused)).toBe('not_found')
      }
    })

    test('count as pending until they expire, by their own time or an earlier one', async () => {
      await using db = await database()
      await using store = await db.open()
      await withKey(store)
      await insert(store, [handOver('acme', 'hov_1', KEY), handOver('acme', 'hov_2', KEY)])
      const pendingAt = async (afterMs: number) =>
        await store.read.handOvers.countPending('acme', FIRST_MS + afterMs)
      await change(store, 'acme', (tx) => tx.handOvers.shorten('acme', 'hov_2', FIRST_MS + 10))
      expect([await pendingAt(9), await pendingAt(10), await pendingAt(999), await pendingAt(1000)]).toEqual([
        2, 1, 1, 0,
      ])
    })

    test('expire once, the earliest first, also if two processes look at the same time', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await withKey(store)
      const rows = Array.from({ length: 6 }, (_, index) =>
        handOver('acme', `hov_${index}`, KEY, { expiresAtMs: FIRST_MS + 10 - index }),
      )
      await insert(store, rows)
      expect((await expire(store, 2)).map(({ id, sealed, state }) => [id, sealed, state])).toEqual([
        ['hov_5', null, 'expired'],
        ['hov_4', null, 'expired'],
      ])
      const both = await Promise.all([expire(store, 10), expire(other, 10)])
      expect(both.flatMap((expired) => expired.map(({ id }) => id))).toEqual(['hov_3', 'hov_2', 'hov_1'])
      expect(await store.read.handOvers.get('acme', 'hov_1')).toMatchObject({
        state: 'expired',
        endedAtMs: FIRST_MS + 9,
        sealed: null,
      })
      expect(await store.read.handOvers.get('acme', 'hov_0')).toEqual(rows[0])
    })

    test('that have ended are removed by later ones, the oldest first', async () => {
      await using db = await database()
      await using store = await db.open()
      await withKey(store)
      const listed = async () =>
        (await store.read.handOvers.list('acme', EVERYTHING)).items.map(({ id }) => id)
      await insert(store, [handOver('acme', 'pending', KEY)])
      for (const id of ['b', 'a', 'c', 'e', 'd']) {
        const createdAtMs = FIRST_MS + Number(id > 'c')
        await insert(store, [handOver('acme', id, KEY, { createdAtMs })])
        await change(store, 'acme', (tx) =>
          tx.handOvers.end('acme', id, { state: 'withdrawn', endedAtMs: FIRST_MS + 1 }),
        )
      }
      // One more than is kept, because each end follows its insert.
      expect(await listed()).toEqual(['b', 'c', 'pending', 'd', 'e'])
      await insert(store, [handOver('acme', 'last', KEY, { createdAtMs: FIRST_MS + 2 })])
      expect(await listed()).toEqual(['c', 'pending', 'd', 'e', 'last'])
    })

    test('belong to no environment once that is removed', async () => {
      await using db = await database()
      await using store = await db.open()
      await withKey(store)
      await insert(store, [handOver('acme', 'hov_1', KEY)])
      await change(store, 'acme', async (tx) => {
        await tx.keys.update(key('acme', KEY, { deletedAtMs: FIRST_MS }))
        await tx.environments.remove('acme', 'test')
      })
      expect(await store.read.handOvers.get('acme', 'hov_1')).toMatchObject({ environment: null })
    })
  })
}
