import {
  currentSecret,
  FRESHNESS,
  freshnessOf,
  type KeyAge,
  keyEndsAtMs,
  keyState,
  type KeyState,
  NO_KEY_AGE,
  searchedWords,
  type Target,
} from '@sallyport/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KEY_ORDERS, type KeyFilter, type KeyOrder, type KeySelection } from '../../port/key-lists.ts'
import type { KeyPage, KeyRow } from '../../port/keys.ts'
import type { PageRequest } from '../../port/pages/paging.ts'
import { listedKeys, type ListLimits } from '../../sql/key-lists/list-keys.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { keyAge } from '../examples/key-ages.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { usageRow } from '../examples/usage.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const NOW = 400 * DAY_MS
const STATES: readonly KeyState[] = ['active', 'rolling', 'inactive', 'expired', 'deleted']
/** Words that begin alike, have capitals, marks, several cases of one letter, and characters beyond 16 bits. */
const WORDS = ['Mobile', 'mobiles', 'MOB', 'é', 'École', 'straße', '😀', '𝒜lpha', 'app-2', 'key', '_', '%']
const NAMED = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
/** Near now, and often equal. */
const AT = fc.integer({ min: NOW - 3, max: NOW + 3 })
const ENVIRONMENTS = ['test', 'prod', null] as const
/** Near the creations for which now is an end: of lifetimes of one and of ten days, and of reminders. */
const SECRET_AT = fc.oneof(
  AT,
  ...[1, 10, 90, 180, 270].map((days) =>
    fc.constantFrom(...[-1000, -1, 0, 1, 999, 1000].map((ms) => NOW - days * DAY_MS + ms)),
  ),
)
/** The queries under each of the policies. */
const ROUNDS = 50
/** Policies about the age of keys: none, alike in all environments, and different ones. */
const AGES: readonly ReadonlyMap<string | null, KeyAge>[] = [
  new Map(),
  new Map(
    ENVIRONMENTS.map((environment) => [environment, { rotationReminderDays: 90, maxLifetimeDays: 10 }]),
  ),
  new Map([
    ['test', { rotationReminderDays: 90, maxLifetimeDays: 1 }],
    ['prod', { rotationReminderDays: 180, maxLifetimeDays: null }],
    [null, { rotationReminderDays: null, maxLifetimeDays: 10 }],
  ]),
]
const CONSUMERS = ['con_1', 'con_10', 'CON_1', null] as const
/** Names and values that begin alike, and values that look like a part of another term. */
const LABELS = [
  {},
  { team: 'pay' },
  { team: 'payments' },
  { team: '' },
  { 'team-2': 'pay', tier: 'Gold Édition' },
  { team: 'pay l:tier:', tier: 'gold' },
] as const
const ROLES = ['invoker', 'invoker-2', 'owner'] as const

/** A key of the model: what was stored, and when the key and its secrets were used. */
interface ModelKey {
  readonly row: KeyRow
  readonly uses: ReadonlyMap<number, number>
}

const ROW = fc.record({
  name: NAMED.map((words) => words.join(' ')),
  type: fc.constantFrom('public' as const, 'secret' as const),
  environment: fc.constantFrom(...ENVIRONMENTS),
  consumer: fc.constantFrom(...CONSUMERS),
  roles: fc.subarray([...ROLES]),
  labels: fc.constantFrom(...LABELS),
  active: fc.boolean(),
  createdAtMs: AT,
  expiresAtMs: fc.option(AT),
  deletedAtMs: fc.option(AT, { freq: 4 }),
  oldEndsAtMs: fc.option(AT),
  oldCreatedAtMs: SECRET_AT,
  currentCreatedAtMs: SECRET_AT,
})
const USES = fc.record({ old: fc.option(AT), current: fc.option(AT) })

/** Keys that are made, all changed once, and used. */
const KEYS = fc.array(fc.tuple(ROW, ROW, USES), { minLength: 90, maxLength: 90 })

type Fields = typeof ROW extends fc.Arbitrary<infer Value> ? Value : never

function rowOf(
  index: number,
  { oldEndsAtMs, oldCreatedAtMs, currentCreatedAtMs, ...fields }: Fields,
): KeyRow {
  const id = keyId(index % 2 === 0 ? `k${index}` : `K${index}`)
  const hint = `sp_sk_${id.slice(4)}_…Zz${index % 7}`
  const current = secret(2, { hint, createdAtMs: currentCreatedAtMs })
  const old = { expiresAtMs: oldEndsAtMs, createdAtMs: oldCreatedAtMs }
  const secrets = oldEndsAtMs === null ? [current] : [secret(1, old), current]
  return key('acme', id, { ...fields, secrets })
}

/** An arbitrary value of each filter. */
const FILTERS = {
  words: fc
    .constantFrom(
      'mob',
      'gold',
      'MOBILES',
      'é',
      'app 2',
      'key_',
      'key_0000',
      'sp_sk_0',
      'zz3',
      'e',
      '𝒜',
      'a',
      '_ %',
    )
    .map(searchedWords),
  type: fc.constantFrom('public' as const, 'secret' as const),
  state: fc.record({ is: fc.constantFrom(...STATES), atMs: fc.constant(NOW) }),
  environment: fc.constantFrom('test', 'prod', 'none'),
  consumer: fc.constantFrom('con_1', 'con_10', 'CON_1', 'con_2'),
  role: fc.constantFrom(...ROLES, 'inv'),
  labels: fc.subarray(
    [
      { name: 'team', value: null },
      { name: 'team', value: 'pay' },
      { name: 'team', value: '' },
      { name: 'tier', value: null },
      { name: 'tier', value: 'Gold Édition' },
      { name: 'tea', value: null },
    ],
    { minLength: 1, maxLength: 2 },
  ),
  expires: fc.record({ afterMs: fc.constant(NOW), untilMs: fc.oneof(AT, fc.constant(NOW + 9 * DAY_MS)) }),
  freshness: fc.record({ is: fc.constantFrom(...FRESHNESS), atMs: fc.constant(NOW) }),
  unusedSinceMs: AT,
  isUsed: fc.boolean(),
  oldSecret: fc.record({ isUsed: fc.boolean(), sinceMs: AT, atMs: fc.constant(NOW) }),
  includeDeleted: fc.boolean(),
} satisfies { readonly [Field in keyof KeyFilter]: fc.Arbitrary<KeyFilter[Field]> }

/** At most three filters at a time: more of them leave few keys. */
const FILTER: fc.Arbitrary<KeyFilter> = fc
  .tuple(fc.subarray(Object.keys(FILTERS), { maxLength: 3 }), fc.record(FILTERS))
  .map(([fields, all]) => Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field))))

const ORDER: fc.Arbitrary<KeyOrder> = fc.record({
  by: fc.constantFrom(...KEY_ORDERS),
  isDescending: fc.boolean(),
})

const VISIBLE: fc.Arbitrary<readonly Target[] | undefined> = fc.constantFrom(
  undefined,
  undefined,
  undefined,
  undefined,
  [],
  [{ environment: 'test' }],
  [{ environment: 'prod' }, { environment: 'test' }],
  [{ environment: 'prod', project: 'default' }],
  [{}],
)

const QUERY = fc.record({
  filter: FILTER,
  order: ORDER,
  visible: VISIBLE,
  limit: fc.constantFrom(1, 7, 200),
})

const lastUse = ({ uses }: ModelKey): number | undefined =>
  uses.size === 0 ? undefined : Math.max(...uses.values())

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFKC')

function matches(one: ModelKey, filter: KeyFilter, visible: readonly Target[] | undefined): boolean {
  const { row } = one
  const state = keyState(row, NOW)
  const texts = [row.name, row.id.slice(4), ...row.secrets.map(({ hint }) => hint.split('…')[1])]
  texts.push(...Object.values(row.labels))
  const words = texts.flatMap((text) => fold(text ?? '').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])
  const used = lastUse(one)
  const checks: readonly (boolean | undefined)[] = [
    visible?.some(
      (scope) =>
        scope.project === undefined &&
        (scope.environment === undefined || scope.environment === row.environment),
    ),
    filter.words?.every((word) => words.some((each) => each.startsWith(word))),
    filter.type && filter.type === row.type,
    filter.state && filter.state.is === state,
    filter.environment === undefined ? undefined : filter.environment === row.environment,
    filter.consumer === undefined ? undefined : filter.consumer === row.consumer,
    filter.role === undefined ? undefined : row.roles.includes(filter.role),
    filter.labels?.every(({ name, value }) =>
      Object.entries(row.labels).some(([label, own]) => label === name && (value === null || own === value)),
    ),
    filter.expires && keyEndsAtMs(row) > filter.expires.afterMs && keyEndsAtMs(row) <= filter.expires.untilMs,
    filter.freshness &&
      filter.freshness.is ===
        freshnessOf(
          currentSecret(row.secrets)?.createdAtMs ?? Number.NaN,
          row.age.rotationReminderDays,
          filter.freshness.atMs,
        ),
    filter.unusedSinceMs === undefined ? undefined : (used ?? row.createdAtMs) <= filter.unusedSinceMs,
    filter.isUsed === undefined ? undefined : (used !== undefined) === filter.isUsed,
    filter.oldSecret &&
      state === 'rolling' &&
      (one.uses.get(1) ?? 0) > filter.oldSecret.sinceMs === filter.oldSecret.isUsed,
    state === 'deleted' ? filter.includeDeleted === true || filter.state?.is === 'deleted' : undefined,
  ]
  return checks.every((check) => check !== false)
}

/** What keys are ordered by: two values, then the id. */
function placeOf(one: ModelKey, by: KeyOrder['by']): readonly [number | Buffer, number] {
  const { row } = one
  if (by === 'name') return [Buffer.from(row.name.toLowerCase()), 0]
  if (by === 'expiresAt') return [row.expiresAtMs ?? Infinity, 0]
  if (by === 'createdAt') return [row.createdAtMs, 0]
  const used = lastUse(one)
  return used === undefined ? [-Infinity, row.createdAtMs] : [used, 0]
}

function compare(one: number | Buffer, other: number | Buffer): number {
  if (Buffer.isBuffer(one) && Buffer.isBuffer(other)) return Buffer.compare(one, other)
  return one < other ? -1 : one > other ? 1 : 0
}

function expected(keys: readonly ModelKey[], { filter, order, visible }: QueryOf): readonly string[] {
  const sign = order.isDescending ? -1 : 1
  return keys
    .filter((one) => matches(one, filter, visible))
    .map((one) => ({ id: one.row.id, place: placeOf(one, order.by) }))
    .toSorted(
      (one, other) =>
        sign *
        (compare(one.place[0], other.place[0]) ||
          compare(one.place[1], other.place[1]) ||
          compare(Buffer.from(one.id), Buffer.from(other.id))),
    )
    .map(({ id }) => id)
}

type QueryOf = typeof QUERY extends fc.Arbitrary<infer Value> ? Value : never
type Listed = Omit<KeyPage, 'items'> & { readonly ids: readonly string[] }

/** Limits that make each way of reading a page necessary. */
const SMALL: readonly ListLimits[] = [
  { counted: 40, candidates: 20, tested: 15 },
  { counted: 5, candidates: 0, tested: 30 },
]

/** Lists of keys: each filter and each order, against a model that reads all keys. */
export function keyListsContract(database: () => Promise<TestDatabase>): void {
  describe('lists of keys', () => {
    test('have the keys, the order and the total of a model', async () => {
      await using db = await database()
      await using store = await db.open()
      await using backend = await db.backend()
      await store.write(async (tx) => {
        await insertOrganization(tx, 'acme')
        await insertOrganization(tx, 'rival')
        for (const id of CONSUMERS) if (id !== null) await tx.consumers.insert(consumer('acme', id))
      })
      await change(store, 'rival', (tx) => tx.keys.insert(key('rival', keyId('Mobile'))))
      const [made = []] = fc.sample(KEYS, { numRuns: 1, seed: 15 })
      const first = made.map(([before], index) => rowOf(index, { ...before, deletedAtMs: null }))
      await change(store, 'acme', async (tx) => {
        for (const row of first) await tx.keys.insert(row)
      })
      const keys: ModelKey[] = []
      await change(store, 'acme', async (tx) => {
        for (const [index, [before, after, used]] of made.entries()) {
          // Type and creation never change.
          const fields = { ...after, type: before.type, createdAtMs: before.createdAtMs }
          const row = rowOf(index, fields)
          await tx.keys.replaceSecrets('acme', row.id, row.secrets)
          await tx.keys.update(row)
          const uses = new Map<number, number>()
          if (used.current !== null) uses.set(2, used.current)
          if (used.old !== null && row.secrets.length === 2) uses.set(1, used.old)
          keys.push({ row, uses })
        }
      })
      const rows = keys.flatMap(({ row, uses }) =>
        [...uses].map(([secretSequence, lastUsedAtMs]) =>
          usageRow({ keyId: row.id, secretSequence, lastUsedAtMs }),
        ),
      )
      // An older use, and a refusal of a key that has ended, change nothing.
      await store.addUsage([...rows, ...rows.map((row) => ({ ...row, lastUsedAtMs: row.lastUsedAtMs - 1 }))])
      await store.addUsage(
        keys.map(({ row }) => usageRow({ keyId: row.id, code: 'key_expired', lastUsedAtMs: NOW + 9 })),
      )
      const lists = [
        async (page: PageRequest, selection: KeySelection): Promise<Listed> => {
          const { items, ...rest } = await store.read.keys.list('acme', page, selection)
          return { ...rest, ids: items.map(({ id }) => id) }
        },
        ...SMALL.map(
          (limits) => async (page: PageRequest, selection: KeySelection) =>
            await listedKeys(backend.reader, 'acme', page, selection, limits),
        ),
      ]
      const sizes = new Set<number>()
      for (const [round, query] of fc.sample(QUERY, { numRuns: AGES.length * ROUNDS, seed: 15 }).entries()) {
        const { filter, order, visible, limit } = query
        const ages = AGES[Math.floor(round / ROUNDS)] ?? new Map<string | null, KeyAge>()
        if (round % ROUNDS === 0) {
          await change(store, 'acme', async (tx) => {
            for (const [environment, age] of ages)
              await tx.keyAges.put(keyAge('acme', { environment, ...age }))
          })
        }
        const aged = keys.map(({ row, uses }) => {
          return { row: { ...row, age: ages.get(row.environment) ?? NO_KEY_AGE }, uses }
        })
        const whole = expected(aged, query)
        sizes.add(whole.length)
        for (const [index, list] of lists.entries()) {
          const ids: string[] = []
          let cursor: string | undefined
          do {
            const page = await list({ limit, cursor, visible }, { filter, order })
            expect(page.ids.length).toBeLessThanOrEqual(limit)
            ids.push(...page.ids)
            const { total, isTotalExact } = page
            expect([index, query, isTotalExact ? total : Math.min(total, whole.length)]).toEqual([
              index,
              query,
              isTotalExact ? whole.length : total,
            ])
            // With its own limits, the store counts so few keys exactly, and fills each page.
            const isWhole = isTotalExact && (page.ids.length === limit || page.next === null)
            expect([index, query, isWhole || index > 0]).toEqual([index, query, true])
            cursor = page.next ?? undefined
          } while (cursor !== undefined)
          expect([index, query, ids]).toEqual([index, query, whole])
        }
      }
      expect(sizes.size).toBeGreaterThan(20)
    })
  })
}
