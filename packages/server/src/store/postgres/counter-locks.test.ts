import type { KeyId } from '@sallyport/core'
import pg from 'pg'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../../../../../test/services/postgres.ts'
import type { Store, Writer } from '../port/store.ts'
import type { UsageRow } from '../port/usage.ts'
import { entry } from '../testing/examples/audit-events.ts'
import { delivery } from '../testing/examples/deliveries.ts'
import { FIRST_MS } from '../testing/examples/example.ts'
import { externalKey } from '../testing/examples/external-keys.ts'
import { key, keyId, secret } from '../testing/examples/keys.ts'
import { usageRow } from '../testing/examples/usage.ts'
import { webhook } from '../testing/examples/webhooks.ts'
import { insertOrganization } from '../testing/fixtures.ts'
import { databaseAt } from './testing/postgres-database.ts'

/** A key of each organization, which the other one accepts. The order of the ids is not that of the organizations. */
const KEYS = { acme: keyId('b'), beta: keyId('a') } as const
type Owner = keyof typeof KEYS

/** The later address is counted first, so that the rows do not lie in the order of their key. */
const ADDRESSES = ['192.0.2.2', '192.0.2.1'] as const

function used(organization: Owner, id: KeyId, more: Partial<UsageRow> = {}): readonly UsageRow[] {
  return ADDRESSES.map((address, minute) =>
    usageRow({
      organization,
      keyId: id,
      minuteMs: minute * 60_000,
      sources: [{ address, userAgent: 'client/1', requests: 1, lastUsedAtMs: 5 }],
      ...more,
    }),
  )
}

async function seed(store: Store): Promise<void> {
  await store.write(async (tx) => {
    for (const owner of ['acme', 'beta'] as const) {
      await insertOrganization(tx, owner)
      await tx.keys.insert(key(owner, KEYS[owner], { secrets: [secret(1), secret(2)] }))
    }
    await tx.externalKeys.insert(externalKey('acme', 'ext_1', { owner: 'beta', keyId: KEYS.beta }))
    await tx.externalKeys.insert(externalKey('beta', 'ext_1', { owner: 'acme', keyId: KEYS.acme }))
  })
  for (const rows of [used('acme', KEYS.acme), used('beta', KEYS.beta)])
    for (const row of rows) await store.addUsage([row])
  await store.addUsage(used('acme', KEYS.beta, { isExternal: true, sources: [] }))
  await store.addUsage(used('beta', KEYS.acme, { isExternal: true, sources: [] }))
}

const endRoll =
  (owner: Owner) =>
  async (tx: Writer): Promise<void> =>
    await tx.keys.replaceSecrets(owner, KEYS[owner], [secret(2)])
const forget =
  (organization: Owner) =>
  async (tx: Writer): Promise<void> =>
    await tx.externalKeys.remove(organization, 'ext_1')

test.each<[string, readonly [string, string], readonly ((tx: Writer) => Promise<void>)[]]>([
  [
    'counters of secrets',
    [`secret_usage where key_id = '${KEYS.beta}'`, `secret_usage where key_id = '${KEYS.acme}'`],
    [endRoll('acme'), endRoll('beta')],
  ],
  [
    'sources of the keys of two organizations',
    ["secret_sources where organization = 'acme'", "secret_sources where organization = 'beta'"],
    [endRoll('beta'), endRoll('acme')],
  ],
  [
    'sources of one key',
    [
      `secret_sources where organization = 'acme' and value = '${ADDRESSES[1]}'`,
      `secret_sources where organization = 'acme' and value = '${ADDRESSES[0]}'`,
    ],
    [endRoll('acme')],
  ],
  [
    'last uses of external keys',
    ["external_key_usage where organization = 'acme'", "external_key_usage where organization = 'beta'"],
    [forget('beta'), forget('acme')],
  ],
  [
    'counters of secrets, and then last uses of external keys',
    ["secret_usage where organization = 'acme'", "external_key_usage where organization = 'acme'"],
    [forget('acme'), endRoll('acme')],
  ],
])('writes in any order wait for a flush that writes %s, and the flush goes on', async (_, held, works) => {
  await using database = await openTestDatabase()
  await using store = await databaseAt(database).open()
  await seed(store)
  await using flush = await connect(database.url)
  const take = async (rows: string): Promise<number | null> =>
    (await flush.query(`select 1 from ${rows} for update`)).rowCount
  await flush.query('begin')
  expect(await take(held[0])).toBeGreaterThan(0)
  const gate = Promise.withResolvers<void>()
  const before = store.write(() => gate.promise)
  const writes = works.map(
    async (work) =>
      await store.write(
        async (tx) => {
          await work(tx)
          tx.audit(entry('acme'))
        },
        { organization: 'acme', actor: 'key_1' },
      ),
  )
  gate.resolve()
  await before
  await expect
    .poll(async () => (await flush.query('select 1 from pg_locks where not granted')).rowCount)
    .toBe(1)
  expect(await take(held[1])).toBeGreaterThan(0)
  await flush.query('commit')
  await Promise.all(writes)
})

test('counters of what was removed are removed, and no others', async () => {
  await using database = await openTestDatabase()
  await using store = await databaseAt(database).open()
  await seed(store)
  await store.write(async (tx) => {
    await endRoll('acme')(tx)
    await forget('beta')(tx)
    tx.audit(entry('acme'))
  })
  await using admin = await connect(database.url)
  const organizationsIn = async (table: string): Promise<readonly string[]> => {
    const { rows } = await admin.query<{ organization: string }>(`select distinct organization from ${table}`)
    return rows.map(({ organization }) => organization)
  }
  expect(await organizationsIn('secret_usage')).toEqual(['beta'])
  expect(await organizationsIn('secret_sources')).toEqual(['beta'])
  expect(await organizationsIn('external_key_usage')).toEqual(['acme'])
})

test('a flush and the housekeeping leave sources that others are writing until the next time', async () => {
  await using database = await openTestDatabase()
  await using store = await databaseAt(database).open()
  await seed(store)
  await using other = await connect(database.url)
  await other.query('begin')
  await other.query(
    "select 1 from secret_sources where organization = 'acme' and kind = 'address' for update",
  )
  const sources = Array.from({ length: 30 }, (_, index) => ({
    address: `198.51.100.${index}`,
    userAgent: 'client/2',
    requests: 1,
    lastUsedAtMs: 10 + index,
  }))
  const flush = async (): Promise<void> =>
    await store.addUsage([usageRow({ organization: 'acme', keyId: KEYS.acme, sources })])
  const left = async (owner: Owner): Promise<number | null> =>
    (await other.query("select 1 from secret_sources where organization = $1 and kind = 'address'", [owner]))
      .rowCount
  await flush()
  // Its 20 newest ones, and those that cannot be deleted yet.
  expect(await left('acme')).toBe(20 + ADDRESSES.length)
  const days = { minute: 1, hour: 1, day: 1 }
  await store.pruneUsage(Date.now(), { days, rows: 1_000 })
  expect([await left('acme'), await left('beta')]).toEqual([ADDRESSES.length, 0])
  await other.query('commit')
  await flush()
  expect(await left('acme')).toBe(20)
})

test('a replay of a delivery waits for the process that serves its queue, which goes on', async () => {
  await using database = await openTestDatabase()
  await using store = await databaseAt(database).open()
  const queue = { organization: 'acme', webhook: 'web_1' }
  const hold = { holder: 'a', leasedUntilMs: FIRST_MS + 60 }
  const done = delivery('acme', 'web_1', 1, { state: 'delivered', endedAtMs: FIRST_MS })
  await store.write(async (tx) => {
    await insertOrganization(tx, 'acme')
    await tx.webhooks.insert(webhook('acme', 'web_1'))
  })
  await store.webhookQueues.claim(queue, hold, FIRST_MS)
  expect(await store.webhookQueues.add(queue, hold, [done], 2)).toBe(true)
  await using server = await connect(database.url)
  await server.query('begin')
  await server.query('select 1 from webhook_queues for update')
  const replayed = store.write((tx) => tx.deliveries.replay({ ...done, state: 'pending', endedAtMs: null }))
  await expect
    .poll(async () => (await server.query('select 1 from pg_locks where not granted')).rowCount)
    .toBe(1)
  await server.query('select 1 from webhook_deliveries for update')
  await server.query('commit')
  await replayed
  expect(await store.read.deliveries.pending('acme', 'web_1')).toHaveLength(1)
})

async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
