import { searchedWords } from '@sallyport/core'
import { migrate } from '../../packages/server/src/store/migrations/migrate.ts'
import { openStore } from '../../packages/server/src/store/open.ts'
import { KEY_ORDERS, type KeyFilter, type KeyOrder } from '../../packages/server/src/store/port/key-lists.ts'
import type { PageRequest } from '../../packages/server/src/store/port/pages/paging.ts'
import { percentileOf } from '../statistics.ts'
import {
  DAY_MS,
  LISTED_AT_MS,
  listedConsumerId,
  listedKeyId,
  type ListedStore,
  openListed,
} from '../synthetic/listed-keys.ts'
import { ORGANIZATION } from '../synthetic/records.ts'
import { reportToParent } from './parent.ts'

/*
 * Measures pages of lists of keys, and the flush of their last uses. Arguments: the kind of the store, its location, the
 * number of its keys, and how many rounds and pages in each are measured. The store has not been migrated yet.
 */

export interface ListReport {
  readonly migrationMs: number
  readonly queries: readonly {
    readonly name: string
    readonly p50Ms: number
    /** Of each round. */
    readonly p95Ms: readonly number[]
  }[]
  /** How long the flush of the counts of 250 keys takes. */
  readonly flushMs: readonly number[]
}

const [kind = 'sqlite', location = '', keys = '', rounds = '', pages = ''] = process.argv.slice(2)
const listed = { kind, location } as ListedStore

/** A filter and an order; the number of the page varies what it looks for. */
interface Query {
  readonly filter?: (number: number) => KeyFilter
  readonly order?: KeyOrder
  readonly page?: Pick<PageRequest, 'visible'> & { readonly limit?: number }
}

const at = { atMs: LISTED_AT_MS }
const FILTERS: Readonly<Record<string, (number: number) => KeyFilter>> = {
  'search, rare': (number) => ({ words: searchedWords(listedKeyId(number * 997)) }),
  'search, common': () => ({ words: ['mob'] }),
  'search, two words': (number) => ({ words: ['mob', String(number)] }),
  'type=public': () => ({ type: 'public' }),
  'type=secret': () => ({ type: 'secret' }),
  'state=active': () => ({ state: { is: 'active', ...at } }),
  'state=rolling': () => ({ state: { is: 'rolling', ...at } }),
  'state=inactive': () => ({ state: { is: 'inactive', ...at } }),
  'state=expired': () => ({ state: { is: 'expired', ...at } }),
  'state=deleted': () => ({ state: { is: 'deleted', ...at } }),
  environment: () => ({ environment: 'test' }),
  consumer: (number) => ({ consumer: listedConsumerId(number * 97) }),
  'role, common': () => ({ role: 'invoker' }),
  'role, rare': () => ({ role: 'owner' }),
  expiresWithinDays: () => ({ expires: { afterMs: LISTED_AT_MS, untilMs: LISTED_AT_MS + 30 * DAY_MS } }),
  unusedForDays: () => ({ unusedSinceMs: LISTED_AT_MS - 90 * DAY_MS }),
  'neverUsed=true': () => ({ isUsed: false }),
  'neverUsed=false': () => ({ isUsed: true }),
  'oldSecretUsed=true': () => ({ oldSecret: { isUsed: true, sinceMs: LISTED_AT_MS - 3_600_000, ...at } }),
  'oldSecretUsed=false': () => ({ oldSecret: { isUsed: false, sinceMs: LISTED_AT_MS - 3_600_000, ...at } }),
}

const ORDERS = KEY_ORDERS.flatMap((by) => [false, true].map((isDescending) => ({ by, isDescending })))
const TOGETHER = [
  'state=active',
  'environment',
  'role, common',
  'unusedForDays',
  'expiresWithinDays',
  'search, common',
]

function* queries(): Generator<readonly [string, Query]> {
  for (const order of ORDERS) {
    const sort = `${order.isDescending ? '-' : ''}${order.by}`
    yield [`sort=${sort}`, { order }]
    for (const [name, filter] of Object.entries(FILTERS)) yield [`${name}, sort=${sort}`, { filter, order }]
  }
  for (const [index, one] of TOGETHER.entries()) {
    for (const other of TOGETHER.slice(index + 1)) {
      const filter = (number: number) => ({ ...FILTERS[one]?.(number), ...FILTERS[other]?.(number) })
      for (const order of ORDERS.filter(({ isDescending }) => isDescending)) {
        yield [`${one} and ${other}, sort=-${order.by}`, { filter, order }]
      }
    }
  }
  yield ['200 keys', { page: { limit: 200 } }]
  yield ['scope of one environment', { page: { visible: [{ environment: 'stage' }] } }]
}

const backend = await openListed(listed)
const startedAtMs = performance.now()
await migrate(backend.migrator, backend.columnTypes, () => LISTED_AT_MS)
const migrationMs = performance.now() - startedAtMs
await backend[Symbol.asyncDispose]()

const nowMs = (): number => LISTED_AT_MS
const store = await openStore(
  listed.kind === 'sqlite'
    ? { kind: 'sqlite', file: location, nowMs }
    : { kind: 'postgres', url: location, nowMs },
)

async function pageMs({ filter, order, page }: Query, number: number): Promise<number> {
  const selection = { filter: filter?.(number), order }
  const request = { limit: 50, ...page }
  const first = await store.read.keys.list(ORGANIZATION, request, selection)
  // Every other page is a following one.
  const cursor = number % 2 === 0 ? undefined : (first.next ?? undefined)
  const fromMs = performance.now()
  await store.read.keys.list(ORGANIZATION, { ...request, cursor }, selection)
  return performance.now() - fromMs
}

const measured: ListReport['queries'][number][] = []
for (const [name, query] of queries()) {
  const p95Ms: number[] = []
  const all: number[] = []
  for (let round = 0; round < Number(rounds); round += 1) {
    const times: number[] = []
    for (let page = 0; page < Number(pages); page += 1) times.push(await pageMs(query, round * 100 + page))
    all.push(...times)
    p95Ms.push(
      percentileOf(
        times.toSorted((one, other) => one - other),
        95,
      ),
    )
  }
  measured.push({
    name,
    p50Ms: percentileOf(
      all.toSorted((one, other) => one - other),
      50,
    ),
    p95Ms,
  })
}

const flushMs: number[] = []
for (let flush = 0; flush < 40; flush += 1) {
  const rows = Array.from({ length: 250 }, (_, index) => ({
    organization: ORGANIZATION,
    environment: 'prod',
    project: 'default',
    pipeline: 'orders',
    version: '1.0',
    code: 'valid',
    consumer: null,
    keyId: listedKeyId(((flush * 250 + index) * 7_919) % Number(keys)),
    secretSequence: 1,
    isExternal: false,
    minuteMs: LISTED_AT_MS,
    requests: 3,
    lastUsedAtMs: LISTED_AT_MS + flush,
    lastUsedAddress: null,
    sources: [],
  }))
  const fromMs = performance.now()
  await store.addUsage(rows)
  flushMs.push(performance.now() - fromMs)
}
await store[Symbol.asyncDispose]()
reportToParent({ migrationMs, queries: measured, flushMs } satisfies ListReport)
