import { describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import { USAGE_INTERVALS, type UsageReport, type UsageRow } from '../../port/usage.ts'
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

/** A report of a source. */
function report(number: number, digit = 'a'): UsageReport {
  return { source: digit.repeat(32), number }
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

    test.each([
      ['few', 64],
      ['many', 65],
    ])('of %s keys that arrive again are counted once', async (_, keys) => {
      await using db = await database()
      await using store = await db.open()
      const rows = onceEach().slice(0, keys)
      const requests = async (): Promise<number> => {
        await store.foldUsage()
        return (await counted(store))[0] / keys
      }
      await store.receiveUsage(rows, report(1))
      await store.receiveUsage(rows, report(1))
      expect(await requests()).toBe(1)
      await store.receiveUsage(rows, report(3))
      // An earlier one that was under way for long.
      await store.receiveUsage(rows, report(2))
      expect(await requests()).toBe(2)
      // A process that has started again, and a caller that numbers nothing.
      await store.receiveUsage(rows, report(1, 'b'))
      await store.receiveUsage(rows, report(1, 'b'))
      await store.receiveUsage(rows)
      await store.receiveUsage(rows)
      expect(await requests()).toBe(5)
    })

    test('that arrive again at the same time, at two processes, are counted once', async () => {
      await using db = await database()
      await using one = await db.open()
      await using other = await db.open()
      const rows = onceEach().slice(0, 20)
      for (const number of [1, 2, 3, 4, 5])
        await Promise.all([one, other, one, other].map((store) => store.receiveUsage(rows, report(number))))
      expect(await counted(one)).toEqual([100, ['20 keys: 5']])
    })

    test('that were refused are counted when they arrive again', async () => {
      await using db = await database()
      await using store = await db.open()
      const refused = [usageRow({ minuteMs: DAY_START_MS, consumer: null, requests: Number.NaN })]
      await expect(store.receiveUsage(refused, report(1))).rejects.toThrow(/null|NaN/i)
      await store.receiveUsage(onceEach().slice(0, 2), report(1))
      expect(await counted(store)).toEqual([2, ['2 keys: 1']])
    })

    test('of a source that is silent for a week are forgotten, and not before', async () => {
      await using db = await database()
      await using store = await db.open()
      const rows = onceEach().slice(0, 1)
      await store.receiveUsage(rows, report(1))
      const limits = { days: { minute: 31, hour: 400, day: 3_660 }, rows: 1_000_000 }
      await store.pruneUsage(Date.now() + 6 * DAY_MS, limits)
      await store.receiveUsage(rows, report(1))
      expect((await counted(store))[0]).toBe(1)
      await store.pruneUsage(Date.now() + 8 * DAY_MS, limits)
      await store.receiveUsage(rows, report(1))
      expect((await counted(store))[0]).toBe(2)
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
