import { describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import {
  USAGE_INTERVALS,
  type UsageFilter,
  type UsageGroup,
  type UsageQuery,
  type UsageRow,
  type UsageSum,
  type SeenValue,
  type UseSource,
} from '../../port/usage.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { externalKey } from '../examples/external-keys.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { usageRow } from '../examples/usage.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'

const { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } = USAGE_INTERVALS
/** The start of a day. */
const DAY_START_MS = 1_790_035_200_000
const ALL = { fromMs: DAY_START_MS, toMs: DAY_START_MS + 3 * DAY_MS, interval: 'day', limit: 200 } as const

/** Reads every page. @returns the items, and how many pages there were */
async function everything(
  store: Store,
  query: Partial<UsageQuery> = {},
  organization = 'acme',
): Promise<{ items: UsageSum[]; pages: number }> {
  const items: UsageSum[] = []
  let cursor: string | undefined
  for (let pages = 1; ; pages += 1) {
    const page = await store.read.usage.sums(organization, { ...ALL, ...query, cursor })
    items.push(...page.items)
    if (page.next === null) return { items, pages }
    cursor = page.next
  }
}

/** The sums as texts, with the interval as a number from the start of the day. */
async function sums(store: Store, query: Partial<UsageQuery> = {}): Promise<string[]> {
  const length = USAGE_INTERVALS[query.interval ?? 'day']
  const { items } = await everything(store, query)
  return items.map(
    ({ group, atMs, requests, allowed }) =>
      `${(atMs - DAY_START_MS) / length} ${group}: ${allowed}/${requests}`,
  )
}

const LIMITS = { days: { minute: 2, hour: 90, day: 730 }, rows: 1_000_000 }

const A = keyId('a')
const B = keyId('b')

/** Requests with different facts, at one and the same minute unless it is said. */
function rows(): UsageRow[] {
  const at = (more: Partial<UsageRow>): UsageRow => usageRow({ minuteMs: DAY_START_MS, ...more })
  return [
    at({ keyId: A, consumer: 'con_1', requests: 1 }),
    at({ keyId: A, consumer: 'con_1', requests: 2, secretSequence: 2 }),
    at({ keyId: A, consumer: 'con_1', requests: 4, code: 'rate_limited' }),
    at({ keyId: B, consumer: 'con_2', requests: 8, pipeline: 'invoices', environment: 'prod' }),
    at({ keyId: B, consumer: 'con_2', requests: 16, version: '1.1', minuteMs: DAY_START_MS + MINUTE_MS }),
    at({ keyId: A, consumer: 'con_1', requests: 32, minuteMs: DAY_START_MS + HOUR_MS }),
    at({ keyId: B, consumer: 'con_2', requests: 64, minuteMs: DAY_START_MS + DAY_MS }),
    at({ requests: 128, code: 'credential_missing', project: 'sales', pipeline: 'leads' }),
    at({ requests: 256, consumer: 'con_2', minuteMs: DAY_START_MS + DAY_MS + 59 * MINUTE_MS }),
    at({ requests: 512, organization: 'other', keyId: A, minuteMs: DAY_START_MS }),
  ]
}

/** A source of one request. */
function from(index: number, lastUsedAtMs: number): UseSource {
  return { address: `192.0.2.${index}`, userAgent: `agent ${index % 2}`, requests: 1, lastUsedAtMs }
}

function seenValue(value: string, requests: number, lastUsedAtMs: number): SeenValue {
  return { value, requests, lastUsedAtMs }
}

/** Requests counted by minute, consumer, secret and everything else. */
export function usageContract(database: () => Promise<TestDatabase>): void {
  describe('counted requests', () => {
    test('are summed by interval and group', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.addUsage(rows())
      const by = (groupBy: UsageGroup, more: Partial<UsageQuery> = {}) => sums(store, { groupBy, ...more })
      expect(await sums(store)).toEqual(['0 null: 59/191', '1 null: 320/320'])
      expect(await sums(store, { interval: 'hour' })).toEqual([
        '0 null: 27/159',
        '1 null: 32/32',
        '24 null: 320/320',
      ])
      expect(await sums(store, { interval: 'minute' })).toEqual([
        '0 null: 11/143',
        '1 null: 16/16',
        '60 null: 32/32',
        '1440 null: 64/64',
        '1499 null: 256/256',
      ])
      expect(await by('key')).toEqual([
        '0 null: 0/128',
        `0 ${A}: 35/39`,
        `0 ${B}: 24/24`,
        '1 null: 256/256',
        `1 ${B}: 64/64`,
      ])
      expect(await by('secret')).toEqual([
        '0 null: 0/128',
        `0 ${A}/1: 33/37`,
        `0 ${A}/2: 2/2`,
        `0 ${B}/1: 24/24`,
        '1 null: 256/256',
        `1 ${B}/1: 64/64`,
      ])
      expect(await by('consumer')).toEqual([
        '0 null: 0/128',
        '0 con_1: 35/39',
        '0 con_2: 24/24',
        '1 con_2: 320/320',
      ])
      expect(await by('environment')).toEqual(['0 prod: 8/8', '0 test: 51/183', '1 test: 320/320'])
      expect(await by('pipeline')).toEqual([
        '0 invoices: 8/8',
        '0 leads: 0/128',
        '0 orders: 51/55',
        '1 orders: 320/320',
      ])
      expect(await by('version')).toEqual([
        '0 invoices/1.0: 8/8',
        '0 leads/1.0: 0/128',
        '0 orders/1.0: 35/39',
        '0 orders/1.1: 16/16',
        '1 orders/1.0: 320/320',
      ])
      expect(await by('code')).toEqual([
        '0 credential_missing: 0/128',
        '0 rate_limited: 0/4',
        '0 valid: 59/59',
        '1 valid: 320/320',
      ])
    })

    test('add up over reports, also of the same facts in one report', async () => {
      await using db = await database()
      await using store = await db.open()
      for (const report of [rows(), rows().toReversed(), [...rows(), ...rows()]]) await store.addUsage(report)
      expect(await sums(store)).toEqual(['0 null: 236/764', '1 null: 1280/1280'])
      expect(await sums(store, { groupBy: 'secret', key: A })).toEqual([`0 ${A}/1: 132/148`, `0 ${A}/2: 8/8`])
    })

    test('belong to one organization', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.addUsage(rows())
      const { items } = await everything(store, { groupBy: 'key' }, 'other')
      expect(items).toEqual([{ group: A, atMs: DAY_START_MS, requests: 512, allowed: 512 }])
      expect((await everything(store, {}, 'nobody')).items).toEqual([])
    })

    test('can be filtered by each fact, with every grouping', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const [first, second] = ['con_1', 'con_2'] as const
      await change(store, 'acme', async (tx) => {
        for (const id of [first, second]) await tx.consumers.insert(consumer('acme', id))
        await tx.keys.insert(key('acme', A, { environment: 'test', consumer: first }))
        await tx.keys.insert(key('acme', B, { environment: 'test', consumer: second }))
      })
      await store.addUsage(rows())
      const groups: (UsageGroup | undefined)[] = [
        undefined,
        'key',
        'secret',
        'consumer',
        'environment',
        'pipeline',
        'version',
        'code',
      ]
      const filters: readonly [UsageFilter, requests: number, ofKeys?: number][] = [
        [{ environment: 'prod' }, 8],
        [{ project: 'sales' }, 128],
        [{ pipeline: 'orders' }, 375],
        [{ version: '1.1' }, 16],
        [{ code: 'rate_limited' }, 4],
        [{ pipeline: 'orders', code: 'valid', version: '1.0' }, 355],
        [{ consumer: first }, 39],
        // Requests of a consumer without a key are in no key's sum.
        [{ consumer: second }, 344, 88],
        [{ consumer: second, pipeline: 'invoices' }, 8],
        [{ environment: 'nowhere' }, 0],
        [{ consumer: 'con_nobody' }, 0],
      ]
      for (const groupBy of groups) {
        for (const [filter, requests, ofKeys = requests] of filters) {
          const { items } = await everything(store, { ...filter, groupBy })
          const sum = items.reduce((all, item) => all + item.requests, 0)
          const isByKey = groupBy === 'key' || groupBy === 'secret'
          expect([filter, groupBy, sum]).toEqual([filter, groupBy, isByKey ? ofKeys : requests])
        }
        if (groupBy === 'consumer') continue
        for (const [filter, requests] of [
          [{ key: A }, 39],
          [{ key: B, pipeline: 'orders' }, 80],
          [{ key: A, consumer: first }, 39],
          [{ key: A, consumer: second }, 0],
          [{ key: keyId('unknown') }, 0],
        ] as const) {
          const { items } = await everything(store, { ...filter, groupBy })
          expect([filter, groupBy, items.reduce((all, item) => all + item.requests, 0)]).toEqual([
            filter,
            groupBy,
            requests,
          ])
        }
      }
    })

    test('are within the period and the visible scopes only', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.addUsage(rows())
      const day = { fromMs: DAY_START_MS, toMs: DAY_START_MS + DAY_MS }
      expect(await sums(store, day)).toEqual(['0 null: 59/191'])
      expect(await sums(store, { ...day, fromMs: day.toMs, toMs: day.toMs + DAY_MS })).toEqual([
        '1 null: 320/320',
      ])
      const within = { fromMs: DAY_START_MS + MINUTE_MS, toMs: DAY_START_MS + 2 * MINUTE_MS }
      expect(await sums(store, { ...within, interval: 'minute', groupBy: 'key' })).toEqual([`1 ${B}: 16/16`])
      const seen = (...visible: NonNullable<UsageQuery['visible']>) =>
        sums(store, { ...day, groupBy: 'key', visible })
      expect(await seen({ environment: 'prod' })).toEqual([`0 ${B}: 8/8`])
      expect(await seen({ project: 'sales' }, { pipeline: 'invoices' })).toEqual([
        '0 null: 0/128',
        `0 ${B}: 8/8`,
      ])
      expect(await seen({ environment: 'prod', project: 'sales' })).toEqual([])
      expect(await seen()).toEqual([])
      expect(await seen({})).toHaveLength(3)
    })

    test('come in pages that have each sum once', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.addUsage(rows())
      const filters: UsageFilter[] = [
        {},
        { key: A },
        { key: B },
        { consumer: 'con_2' },
        { pipeline: 'orders' },
      ]
      for (const groupBy of [undefined, 'key', 'secret', 'consumer', 'version', 'code'] as const) {
        for (const filter of filters) {
          if (groupBy === 'consumer' && filter.key !== undefined) continue
          const query = { groupBy, interval: 'hour', ...filter } as const
          const whole = await everything(store, query)
          const { items, pages } = await everything(store, { ...query, limit: 1 })
          expect(items).toEqual(whole.items)
          expect(pages).toBe(Math.max(1, items.length))
        }
      }
    })

    test('come in pages that read a bounded number of rows', async () => {
      await using db = await database()
      await using store = await db.open()
      const report = (organization: string, days: number, facts: (index: number) => Partial<UsageRow>) =>
        Promise.all(
          Array.from({ length: 21 }, (_, batch) =>
            store.addUsage(
              Array.from({ length: 1000 }, (_unused, index) =>
                usageRow({
                  organization,
                  minuteMs: DAY_START_MS + (index % days) * DAY_MS,
                  ...facts(batch * 1000 + index),
                }),
              ),
            ),
          ),
        )
      await report('acme', 1, (index) => ({
        keyId: keyId(String(index)),
        code: index === 20_500 ? 'rate_limited' : 'valid',
      }))
      const rare = { groupBy: 'key', code: 'rate_limited' } as const
      const found = await everything(store, rare)
      expect(found.items).toMatchObject([{ requests: 1, allowed: 0 }])
      expect(found.pages).toBe(2)
      const keys = await everything(store, { groupBy: 'key', limit: 1000 })
      expect(new Set(keys.items.map(({ group }) => group)).size).toBe(21_000)
      // One interval is read whole, however many series it has.
      await report('wide', 2, (index) => ({ pipeline: `p-${index}` }))
      const totals = await everything(store, {}, 'wide')
      expect(totals.items.map(({ requests }) => requests)).toEqual([10_500, 10_500])
    })

    test('come in pages that end after an interval or a group with too many rows', async () => {
      await using db = await database()
      await using store = await db.open()
      const facts = { minuteMs: DAY_START_MS, keyId: A, consumer: 'con_1' }
      await store.addUsage(
        Array.from({ length: 20_100 }, (_, index) => usageRow({ ...facts, pipeline: `p-${index}` })),
      )
      await store.addUsage([usageRow({ ...facts, keyId: B }), usageRow({ ...facts, minuteMs: ALL.toMs - 1 })])
      const read = async (query: Partial<UsageQuery>) => {
        const { items, pages } = await everything(store, query)
        return [pages, ...items.map(({ group, requests }) => `${group}: ${requests}`)]
      }
      expect(await read({ key: A })).toEqual([2, 'null: 20100', 'null: 1'])
      expect(await read({ consumer: 'con_1' })).toEqual([2, 'null: 20101', 'null: 1'])
      expect(await read({ groupBy: 'key' })).toEqual([3, `${A}: 20100`, `${B}: 1`, `${A}: 1`])
      expect(await read({ groupBy: 'secret' })).toEqual([3, `${A}/1: 20100`, `${B}/1: 1`, `${A}/1: 1`])
    })

    test('have cursors without the whole ids of keys that the reader may not see', async () => {
      await using db = await database()
      await using store = await db.open()
      const ids = Array.from({ length: 10_500 }, (_, index) => keyId(`${index + 10_000}000`))
      const hidden = { environment: 'prod' }
      // The 20,000th row is in the middle of a key, and then at its end.
      for (const code of ['valid', 'rate_limited']) {
        await store.addUsage(ids.map((id) => usageRow({ ...hidden, keyId: id, code })))
      }
      await store.addUsage([
        usageRow({ ...hidden, minuteMs: usageRow().minuteMs - MINUTE_MS }),
        // The one that the reader may see is on the last page.
        usageRow({ keyId: keyId('99999999') }),
      ])
      const { minuteMs } = usageRow()
      for (const [groupBy, fromMs] of [
        ['key', minuteMs],
        ['key', minuteMs - MINUTE_MS],
        ['secret', minuteMs],
        ['secret', minuteMs - MINUTE_MS],
      ] as const) {
        const page = await store.read.usage.sums('acme', {
          interval: 'minute',
          fromMs,
          toMs: minuteMs + MINUTE_MS,
          limit: 200,
          groupBy,
          visible: [{ environment: 'test' }],
        })
        expect(page.items).toEqual([])
        const [, id] = JSON.parse(Buffer.from(page.next ?? '', 'base64url').toString()) as [number, string]
        expect(id).toMatch(/^key_0/)
        expect(ids).not.toContain(id)
      }
    })

    test('stay within the period, also with a cursor of another one', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.addUsage(rows())
      const pages = (position: readonly (number | string)[], query: Partial<UsageQuery>) =>
        store.read.usage.sums('acme', {
          ...ALL,
          ...query,
          cursor: Buffer.from(JSON.stringify(position)).toString('base64url'),
        })
      const second = { fromMs: DAY_START_MS + DAY_MS, toMs: DAY_START_MS + 2 * DAY_MS }
      for (const filter of [{}, { key: B }, { consumer: 'con_2' }]) {
        const early = await pages([0], { ...second, ...filter })
        expect(early.items.map(({ atMs }) => atMs)).toEqual([second.fromMs])
        for (const atMs of [second.toMs, second.toMs + 7 * DAY_MS]) {
          expect(await pages([atMs], { ...second, ...filter })).toEqual({ items: [], next: null })
        }
      }
    })

    test('are deleted when they are old', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const nowMs = DAY_START_MS + HOUR_MS
      const ages = [0, 2 * DAY_MS, 2 * DAY_MS + HOUR_MS, 90 * DAY_MS, 91 * DAY_MS, 730 * DAY_MS, 732 * DAY_MS]
      await store.addUsage(
        ages.map((ageMs, index) => usageRow({ minuteMs: nowMs - ageMs, pipeline: `p-${index}`, keyId: A })),
      )
      await store.pruneUsage(nowMs, LIMITS)
      const kept = async (interval: 'minute' | 'hour' | 'day', groupBy?: UsageGroup) => {
        const length = USAGE_INTERVALS[interval]
        const start = (ageMs: number): number => Math.floor((nowMs - ageMs) / length) * length
        const counts = ages.map((ageMs) =>
          everything(store, { interval, groupBy, fromMs: start(ageMs), toMs: start(ageMs) + length }),
        )
        return (await Promise.all(counts)).map(({ items }) => items.length)
      }
      for (const groupBy of [undefined, 'key', 'consumer'] as const) {
        expect(await kept('minute', groupBy)).toEqual([1, 1, 0, 0, 0, 0, 0])
        expect(await kept('hour', groupBy)).toEqual([1, 1, 1, 1, 0, 0, 0])
        expect(await kept('day', groupBy)).toEqual([1, 1, 1, 1, 1, 0, 0])
      }
    })

    test('keep their facts while the sums of any interval are kept', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const nowMs = DAY_START_MS + 5 * DAY_MS
      await store.addUsage([usageRow({ minuteMs: DAY_START_MS + HOUR_MS })])
      const kept = async (day: number, hour: number) => {
        await store.pruneUsage(nowMs, { ...LIMITS, days: { minute: 1, hour, day } })
        return await sums(store, { interval: 'hour' })
      }
      expect(await kept(1, 90)).toEqual(['1 null: 1/1'])
      expect(await kept(1, 4)).toEqual([])
    })

    test('are deleted, oldest first, when an organization has too many', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'other', 2))
      const nowMs = DAY_START_MS + 2 * DAY_MS
      const hours = [40, 30, 20, 10]
      const report = (organization: string, keys: number) =>
        store.addUsage(
          hours.flatMap((hour) =>
            Array.from({ length: keys }, (_, index) =>
              usageRow({ organization, minuteMs: nowMs - hour * HOUR_MS, keyId: keyId(`${index}`) }),
            ),
          ),
        )
      await report('acme', 6000)
      await report('other', 1)
      // Three times, as it runs again and again: what is counted already is not counted again.
      for (let run = 0; run < 3; run += 1) await store.pruneUsage(nowMs, { ...LIMITS, rows: 13_000 })
      const left = async (organization: string) => {
        const { items } = await everything(store, { interval: 'hour' }, organization)
        return items.map(({ atMs }) => (nowMs - atMs) / HOUR_MS)
      }
      expect(await left('acme')).toEqual([20, 10])
      expect(await left('other')).toEqual(hours)
    })

    test('show the use of each secret of a key while it is rolling', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        await insertOrganization(tx, 'acme')
        await insertOrganization(tx, 'other', 2)
      })
      const nowMs = DAY_START_MS + HOUR_MS + 5
      await change(store, 'acme', (tx) => tx.keys.insert(key('acme', A, { secrets: [secret(1), secret(2)] })))
      await change(store, 'other', (tx) =>
        tx.externalKeys.insert(externalKey('other', 'ext_1', { keyId: A, owner: 'acme' })),
      )
      const at = (more: Partial<UsageRow>) => usageRow({ keyId: A, ...more })
      await store.addUsage([
        at({ minuteMs: DAY_START_MS - MINUTE_MS, requests: 1, sources: [from(1, 10), from(2, 20)] }),
        at({ minuteMs: DAY_START_MS, requests: 2, sources: [from(1, 30)] }),
        at({ minuteMs: DAY_START_MS + HOUR_MS, requests: 4, secretSequence: 2, sources: [from(3, 5)] }),
        at({ minuteMs: DAY_START_MS + HOUR_MS, requests: 8, organization: 'other', isExternal: true }),
        at({ minuteMs: DAY_START_MS + HOUR_MS, requests: 16, organization: 'stranger', isExternal: true }),
        at({ keyId: B, sources: [from(9, 1)] }),
        at({ code: 'key_outdated', sources: [from(8, 1)] }),
      ])
      expect(await store.read.usage.rollUses('acme', A, nowMs)).toEqual([
        {
          sequence: 1,
          requestsLastHour: 10,
          addresses: [seenValue('192.0.2.1', 2, 30), seenValue('192.0.2.2', 1, 20)],
          userAgents: [seenValue('agent 1', 2, 30), seenValue('agent 0', 1, 20)],
        },
        {
          sequence: 2,
          requestsLastHour: 4,
          addresses: [seenValue('192.0.2.3', 1, 5)],
          userAgents: [seenValue('agent 1', 1, 5)],
        },
      ])
      expect(await store.read.usage.rollUses('other', A, nowMs)).toEqual([])
      await store.addUsage(
        Array.from({ length: 30 }, (_, index) => at({ sources: [from(100 + index, 100 + index)] })),
      )
      const [old] = await store.read.usage.rollUses('acme', A, nowMs)
      expect(old?.addresses.map(({ value }) => value)).toEqual(
        Array.from({ length: 20 }, (_, index) => `192.0.2.${129 - index}`),
      )
      await change(store, 'acme', (tx) => tx.keys.replaceSecrets('acme', A, [secret(2)]))
      await change(store, 'acme', (tx) => tx.keys.replaceSecrets('acme', A, [secret(2), secret(3)]))
      expect(await store.read.usage.rollUses('acme', A, nowMs)).toMatchObject([
        { sequence: 2, addresses: [], userAgents: [] },
        { sequence: 3, addresses: [] },
      ])
      await store.addUsage([at({ secretSequence: 2, sources: [from(3, 5)] })])
      expect(await store.read.usage.rollUses('acme', A, nowMs)).toMatchObject([
        { addresses: [{ value: '192.0.2.3' }] },
        {},
      ])
      await store.pruneUsage(32 * DAY_MS, LIMITS)
      expect(await store.read.usage.rollUses('acme', A, nowMs)).toMatchObject([{}, { addresses: [] }])
    })
  })
}
