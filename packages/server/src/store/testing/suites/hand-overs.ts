import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HandOverEnd, HandOverRow } from '../../port/keys/hand-overs.ts'
import type { Store } from '../../port/store.ts'
import { change, entry } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { handOver } from '../examples/hand-overs.ts'
import { key, keyId } from '../examples/keys.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

const KEPT = 3

/** Ends at most `limit` hand-overs that have expired, 9 ms after the first time. */
async function expire(store: Store, limit: number): Promise<readonly HandOverRow[]> {
  const { value } = await store.write(async (tx) => {
    tx.audit(entry('expired'))
    return await tx.handOvers.endExpired(FIRST_MS + 9, limit)
  })
  return value
}

async function idsOf(store: Store, owner: string): Promise<string[]> {
  return (await store.read.handOvers.list(owner, EVERYTHING)).items.map(({ id }) => id)
}

/** Links that show the token of a key once. Each test has an organization of its own. */
export function handOversContract(database: () => Promise<TestDatabase>): void {
  describe('hand-overs', () => {
    const resources = new AsyncDisposableStack()
    let store: Store
    /** The store of another process. */
    let other: Store

    beforeAll(async () => {
      const db = resources.use(await database())
      store = resources.use(await db.open())
      other = resources.use(await db.open())
    })

    afterAll(async () => {
      await resources.disposeAsync()
    })

    /** Makes an organization with a key, whose id has its name. */
    async function organizationWithKey(owner: string): Promise<void> {
      await store.write((tx) => insertOrganization(tx, owner))
      await change(store, owner, (tx) => tx.keys.insert(key(owner, keyId(owner))))
    }

    async function insert(owner: string, id: string, more: Partial<HandOverRow> = {}): Promise<HandOverRow> {
      const row = handOver(owner, id, keyId(owner), more)
      await change(store, owner, (tx) => tx.handOvers.insert(row, KEPT))
      return row
    }

    async function end(owner: string, id: string, how: HandOverEnd): Promise<void> {
      await change(store, owner, (tx) => tx.handOvers.end(owner, id, how))
    }

    test('lose the encrypted token when they end, and end only once', async () => {
      await organizationWithKey('ended')
      const [first, second] = [await insert('ended', 'hov_a1'), await insert('ended', 'hov_a2')]
      expect(await store.read.handOvers.find('hov_a1')).toEqual(first)
      const how = {
        state: 'opened',
        endedAtMs: FIRST_MS + 5,
        openerAddress: '198.51.100.7',
        openerUserAgent: 'Browser',
      } as const
      await end('ended', 'hov_a1', how)
      expect(await store.read.handOvers.get('ended', 'hov_a1')).toEqual({ ...first, ...how, sealed: null })
      expect(await store.read.handOvers.pendingOfKey('ended', keyId('ended'))).toEqual([second])
      const again = { state: 'withdrawn', endedAtMs: FIRST_MS + 6 } as const
      for (const refused of [
        end('ended', 'hov_a1', again),
        end('rival', 'hov_a2', again),
        change(store, 'ended', (tx) => tx.handOvers.shorten('ended', 'hov_a1', FIRST_MS)),
      ]) {
        expect(await refusalOf(refused)).toBe('not_found')
      }
    })

    test('count as pending until they expire, by their own time or an earlier one', async () => {
      await organizationWithKey('pending')
      await insert('pending', 'hov_b1')
      await insert('pending', 'hov_b2')
      const pendingAt = async (afterMs: number) =>
        await store.read.handOvers.countPending('pending', FIRST_MS + afterMs)
      await change(store, 'pending', (tx) => tx.handOvers.shorten('pending', 'hov_b2', FIRST_MS + 100))
      const counts = [await pendingAt(99), await pendingAt(100), await pendingAt(999), await pendingAt(1000)]
      expect(counts).toEqual([2, 1, 1, 0])
    })

    test('expire once, the earliest first, also if two processes look at the same time', async () => {
      await organizationWithKey('expired')
      for (let index = 0; index < 6; index += 1)
        await insert('expired', `hov_c${index}`, { expiresAtMs: FIRST_MS + 10 - index })
      const first = await expire(store, 2)
      expect(first.map(({ id, sealed, state }) => [id, sealed, state])).toEqual([
        ['hov_c5', null, 'expired'],
        ['hov_c4', null, 'expired'],
      ])
      const both = await Promise.all([expire(store, 10), expire(other, 10)])
      expect(both.flatMap((rows) => rows.map(({ id }) => id))).toEqual(['hov_c3', 'hov_c2', 'hov_c1'])
      const stored = await Promise.all(
        ['hov_c0', 'hov_c2'].map(async (id) => await store.read.handOvers.get('expired', id)),
      )
      expect(stored).toMatchObject([
        { state: 'pending', sealed: 'sealed' },
        { state: 'expired', endedAtMs: FIRST_MS + 8, sealed: null },
      ])
    })

    test('that have ended are removed by later ones, the oldest first', async () => {
      await organizationWithKey('kept')
      await insert('kept', 'pending')
      for (const id of ['b', 'a', 'c', 'e', 'd']) {
        await insert('kept', id, { createdAtMs: FIRST_MS + Number(id > 'c') })
        await end('kept', id, { state: 'withdrawn', endedAtMs: FIRST_MS + 1 })
      }
      // One more than is kept, because each end follows its insert.
      expect(await idsOf(store, 'kept')).toEqual(['b', 'c', 'pending', 'd', 'e'])
      await insert('kept', 'last', { createdAtMs: FIRST_MS + 2 })
      expect(await idsOf(store, 'kept')).toEqual(['c', 'pending', 'd', 'e', 'last'])
    })

    test('belong to no environment once that is removed', async () => {
      await organizationWithKey('removed')
      await insert('removed', 'hov_e1')
      await change(store, 'removed', async (tx) => {
        await tx.keys.update(key('removed', keyId('removed'), { deletedAtMs: FIRST_MS }))
        await tx.environments.remove('removed', 'test')
      })
      expect(await store.read.handOvers.get('removed', 'hov_e1')).toMatchObject({ environment: null })
    })
  })
}
