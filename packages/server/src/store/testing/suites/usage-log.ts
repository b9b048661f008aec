import { describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import { USAGE_INTERVALS, type UsageRow } from '../../port/usage.ts'
import { change } from '../examples/audit-events.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { usageRow } from '../examples/usage.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

const { minute: MINUTE_MS, day: DAY_MS } = USAGE_INTERVALS
/** The start of a day. */
const DAY_START_MS = 1_790_035_200_000
const KEYS = Array.from({ length: 600 }, (_, index) => keyId(String(index)))

/** One request with each key. */
function onceEach(more: Partial<UsageRow> = {}): UsageRow[] {
  return KEYS.map((id) => usageRow({ minuteMs: DAY_START_MS, keyId: id, ...more }))
}

/** The requests of a day, and how many keys had how many of them in it. */
async function counted(store: Store): Promise<readonly [requests: number, byKey: string[]]> {
  const query = { interval: 'day', fromMs: DAY_START_MS, toMs: DAY_START_MS + DAY_MS, limit: 1_000 } as const
  const total = await store.read.usage.sums('acme', query)
  const byKey = await store.read.usage.sums('acme', { ...query, groupBy: 'key' })
  const numbers = Map.groupBy(byKey.items, ({ requests }) => requests)
  return [
    total.items[0]?.requests ?? 0,
    [...numbers].map(([requests, { length }]) => `${length} keys: ${requests}`),
  ]
}

/** Counts of many keys, which are stored first and added to the sums later. */
export function usageLogContract(database: () => Promise<TestDatabase>): void {
  describe('received counts', () => {
    test('of few keys are in the sums at once', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.receiveUsage([])
      await store.receiveUsage(onceEach().slice(0, 64))
      expect(await counted(store)).toEqual([64, ['64 keys: 1']])
    })

    test('of many keys are in the sums after a fold, once', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        for (const id of KEYS) await tx.keys.insert(key('acme', id))
      })
      await store.receiveUsage(onceEach().slice(0, 65))
      await store.receiveUsage(onceEach({ lastUsedAtMs: 20, lastUsedAddress: '192.0.2.2', requests: 4 }))
      await store.receiveUsage(
        onceEach({ lastUsedAtMs: 10, lastUsedAddress: '192.0.2.1', code: 'rate_limited' }),
      )
      await store.receiveUsage(onceEach({ lastUsedAtMs: 15, minuteMs: DAY_START_MS + MINUTE_MS }))
      expect(await counted(store)).toEqual([0, []])
      for (let fold = 0; fold < 3; fold += 1) {
        await store.foldUsage()
        expect(await counted(store)).toEqual([600 * 6 + 65, ['65 keys: 7', '535 keys: 6']])
      }
      const row = await store.read.keys.get('acme', keyId('599'))
      expect(row?.secrets).toEqual([
        secret(1, { requests: 6, lastUsedAtMs: 20, lastUsedAddress: '192.0.2.2' }),
      ])
    })

    test('of another process are folded too, also by several at the same time', async () => {
      await using db = await database()
      await using gateway = await db.open()
      await using one = await db.open()
      await using other = await db.open()
      for (let second = 0; second < 20; second += 1) await gateway.receiveUsage(onceEach())
      await Promise.all([one.foldUsage(), other.foldUsage(), gateway.receiveUsage(onceEach())])
      await one.foldUsage()
      expect(await counted(other)).toEqual([600 * 21, ['600 keys: 21']])
    })

    test('are added once by the next fold when one has ended early', async () => {
      await using db = await database()
      await using store = await db.open()
      const ending = new AbortController()
      await store.receiveUsage(onceEach())
      await store.receiveUsage(onceEach())
      const folding = store.foldUsage(ending.signal)
      ending.abort()
      await folding
      await store.receiveUsage(onceEach())
      await store.foldUsage(ending.signal)
      await store.foldUsage()
      expect(await counted(store)).toEqual([600 * 3, ['600 keys: 3']])
    })

    test('are added although others are not counts', async () => {
      await using db = await database()
      await using store = await db.open()
      await using backend = await db.backend()
      const damaged = { id: '0', is_merged: 1, row_count: 1, rows_json: '{"facts":[],"rows":[[0]]}' }
      await backend.counter.insertInto('usage_log').values(damaged).execute()
      await store.receiveUsage(onceEach())
      for (let fold = 0; fold < 2; fold += 1) {
        await expect(store.foldUsage()).rejects.toThrow(AggregateError)
        expect(await counted(store)).toEqual([600, ['600 keys: 1']])
      }
      expect(await backend.counter.selectFrom('usage_log').select('id').execute()).toEqual([{ id: '0' }])
    })

    test('are refused when too many wait', async () => {
      await using db = await database()
      await using store = await db.open()
      await using backend = await db.backend()
      const waiting = { id: '0', is_merged: 0, row_count: 999_999, rows_json: '{"facts":[],"rows":[]}' }
      await backend.counter.insertInto('usage_log').values(waiting).execute()
      expect(await refusalOf(store.receiveUsage(onceEach()))).toBe('unavailable')
      await store.foldUsage()
      await store.receiveUsage(onceEach())
      await store.foldUsage()
      expect(await counted(store)).toEqual([600, ['600 keys: 1']])
    })
  })
}
