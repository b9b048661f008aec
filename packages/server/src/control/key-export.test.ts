import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import type { KeyRow } from '../store/port/keys.ts'
import type { Store } from '../store/port/store.ts'
import { change } from '../store/testing/examples/audit-events.ts'
import { consumer } from '../store/testing/examples/consumers.ts'
import { key, keyId, secret } from '../store/testing/examples/keys.ts'
import { usageRow } from '../store/testing/examples/usage.ts'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'
import { signedIn } from './testing/people.ts'

const PATH = `${ACME}/keys/export`
const NDJSON = 'application/x-ndjson'
const CSV = 'text/csv'

interface Line {
  readonly id: string
  readonly name: string
  readonly [member: string]: unknown
}

async function exportOf(
  world: AcmeWorld,
  query = '',
  accept: string = NDJSON,
  headers: Readonly<Record<string, string>> = world.owner,
) {
  const answer = await world.app.inject({
    method: 'GET',
    url: PATH + query,
    headers: { ...headers, accept },
  })
  return { status: answer.statusCode, headers: answer.headers, text: answer.payload }
}

/** The keys of a complete export as NDJSON, and what its last line says. */
function read(text: string): { readonly keys: readonly Line[]; readonly end: unknown } {
  expect(text.endsWith('\n')).toBe(true)
  const lines = text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  return { keys: lines.slice(0, -1), end: lines.at(-1)?.['export'] }
}

/** The records of a CSV file (RFC 4180 section 2), by the names of the columns. */
function readCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const records: string[][] = [[]]
  for (const [, quoted, separator] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    records.at(-1)?.push((quoted ?? '').replaceAll('""', '"').replace(/^'/, ''))
    if (separator !== ',') records.push([])
  }
  const [columns = [], ...rows] = records
  expect(rows.pop()).toEqual([])
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ''])))
}

/** Adds many keys at once. */
async function addKeys(
  { store }: { readonly store: Pick<Store, 'write'> },
  count: number,
  fields: Partial<KeyRow> = {},
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) =>
    key('acme', keyId(`bulk${index}`), { name: `bulk ${index}`, ...fields }),
  )
  await change(store, 'acme', (tx) => tx.keys.insertAll(rows))
}

/** Starts an export on a socket without reading its body. */
async function startExport(world: AcmeWorld, headers = world.owner): Promise<IncomingMessage> {
  const port = await world.port()
  const request = get({
    host: '127.0.0.1',
    port,
    path: PATH,
    agent: false,
    headers: { ...headers, accept: NDJSON },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

async function readAll(response: IncomingMessage): Promise<{ text: string; isComplete: boolean }> {
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const part of response) text += String(part)
  } catch {
    return { text, isComplete: false }
  }
  return { text, isComplete: response.complete }
}

/** A store that counts the pages of lists of keys, and fails at one of them. */
function counted(failedOne = Infinity): {
  readonly wrap: (store: Store) => Store
  readonly pages: () => number
} {
  let pages = 0
  return {
    pages: () => pages,
    wrap: (store) => ({
      ...store,
      feed: store.feed,
      write: (work, by) => store.write(work, by),
      read: {
        ...store.read,
        keys: {
          ...store.read.keys,
          async list(...args) {
            pages += 1
            if (pages === failedOne) throw new Error('the database is gone')
            return await store.read.keys.list(...args)
          },
        },
      },
    }),
  }
}

test('5,000 keys are exported, each once and without a secret, and the last line counts them', async () => {
  await using world = await openAcme()
  await addKeys(world, 5000)
  const { status, headers, text } = await exportOf(world)
  expect([status, headers['content-type'], headers['vary']]).toEqual([
    200,
    'application/x-ndjson; charset=utf-8',
    'accept',
  ])
  expect(headers['content-disposition']).toBe('attachment; filename="keys-acme-2026-01-01T000000Z.ndjson"')
  const { keys, end } = read(text)
  const { total } = (await world.own('GET', `${ACME}/keys?limit=1`)).body
  expect(new Set(keys.map(({ id }) => id)).size).toBe(keys.length)
  expect(end).toEqual({ keys: keys.length, filter: null })
  expect(keys.length).toBe(Number(total))
  expect(keys.length).toBeGreaterThan(5000)
  for (const hidden of ['digest', '"token"', 'sp_pk_', 'publicTokens', 'secrets']) {
    expect(text.replaceAll(/sp_[ps]k_[0-9A-Za-z]{16}_…/g, '')).not.toContain(hidden)
  }
  const csv = readCsv((await exportOf(world, '', CSV)).text)
  expect(csv.map(({ id }) => id)).toEqual(keys.map(({ id }) => id))
})

test('CSV has the same values as NDJSON, with formulas marked', async () => {
  await using world = await openAcme()
  const names = ['=1+1', '+cmd', "'quoted", '"quoted", too', '@sum', 'plain', '-1', 'ünïcode']
  for (const name of names) {
    await world.own('POST', `${ACME}/keys`, { name, type: 'secret', roles: ['auditor', 'invoker'] })
  }
  await change(world.store, 'acme', async (tx) => {
    await tx.consumers.insert(consumer('acme', 'con_1', { environment: 'prod' }))
    await tx.keys.insert(
      key('acme', keyId('full'), {
        name: 'full',
        environment: 'prod',
        consumer: 'con_1',
        active: false,
        expiresAtMs: 4_000_000_000_000,
        addressRules: ['10.0.0.0/8', '::1/128'],
        rateLimits: [{ requests: 5, per: 'second', by: 'credential' }],
        labels: { team: 'payments', tier: '=1' },
        secrets: [secret(1, { hint: '=hint of an import' }), secret(2)],
      }),
    )
  })
  const use = { keyId: keyId('full'), environment: 'prod' } as const
  await world.store.addUsage([
    usageRow({ ...use, secretSequence: 2, lastUsedAtMs: 1_700_000_001_000 }),
    usageRow({ ...use, secretSequence: 1, lastUsedAtMs: 1_700_000_000_000 }),
  ])
  const { keys } = read((await exportOf(world)).text)
  const { headers, text } = await exportOf(world, '', CSV)
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(headers['content-disposition']).toContain('keys-acme-2026-01-01T000000Z.csv')
  const cellOf = (column: string, value: unknown): string => {
    if (value === null) return ''
    if (typeof value === 'string') return value
    if (column === 'roles' || column === 'addressRules') return (value as string[]).join(' ')
    return JSON.stringify(value)
  }
  expect(readCsv(text)).toEqual(
    keys.map((line) =>
      Object.fromEntries(Object.entries(line).map(([column, value]) => [column, cellOf(column, value)])),
    ),
  )
  for (const formula of ['=1+1', '+cmd', '@sum', '-1', "'quoted"]) expect(text).toContain(`"'${formula}"`)
  expect(text).not.toMatch(/(?:^|,|\n)"[=+@-]/)
  expect(keys.find(({ name }) => name === 'full')).toEqual({
    id: keyId('full'),
    name: 'full',
    type: 'secret',
    environment: 'prod',
    consumer: 'con_1',
    consumerName: 'name of con_1',
    roles: [],
    state: 'inactive',
    status: 'inactive',
    createdAt: '2023-11-14T22:13:20.000Z',
    createdBy: 'setup',
    expiresAt: '2096-10-02T07:06:40.000Z',
    lastUsedAt: '2023-11-14T22:13:21.000Z',
    hints: ['=hint of an import', 'sp_sk_…2'],
    freshness: 'fresh',
    lifetimeEndsAt: null,
    addressRules: ['10.0.0.0/8', '::1/128'],
    rateLimits: [{ requests: 5, per: 'second', by: 'credential' }],
    labels: { team: 'payments', tier: '=1' },
  })
})

test('an export has the keys of the same filters as the list', async () => {
  await using world = await openAcme()
  for (const [name, environment] of [
    ['mobile app', 'prod'],
    ['mobile', 'test'],
    ['web', 'prod'],
  ]) {
    const labels = { app: name }
    await world.own('POST', `${ACME}/keys`, { name, type: 'secret', environment, roles: ['invoker'], labels })
  }
  const gone = await world.own('POST', `${ACME}/keys`, { name: 'gone', type: 'secret' })
  await world.own('DELETE', `${ACME}/keys/${textOf(gone.body['key']?.['id'])}`)
  for (const query of [
    '?search=mob',
    '?search=mob&environment=prod',
    '?role=invoker&neverUsed=true',
    '?type=public',
    '?state=deleted',
    '?includeDeleted=true',
    '?freshness=overdue',
    '?freshness=fresh',
    '?unusedForDays=1',
    '?expiresWithinDays=30',
    '?label=app',
    '?label=app:mobile%20app&label=app',
    '?label=app:none',
  ]) {
    const { keys } = read((await exportOf(world, query)).text)
    const { items } = (await world.own('GET', `${ACME}/keys${query}&limit=200`)).body as unknown as {
      readonly items: readonly Line[]
    }
    expect([query, keys.map(({ name }) => name)]).toEqual([query, items.map(({ name }) => name)])
  }
  expect(read((await exportOf(world, '?search=mob&environment=prod')).text).end).toEqual({
    keys: 1,
    filter: { search: 'mob', environment: 'prod' },
  })
  expect(read((await exportOf(world, '?label=app:web&label=app')).text).end).toEqual({
    keys: 1,
    filter: { label: ['app:web', 'app'] },
  })
  for (const [query, name] of [
    ['?sort=name', 'sort'],
    ['?limit=5', 'limit'],
    ['?cursor=x', 'cursor'],
    ['?freshness=old', 'freshness'],
  ] as const) {
    const { status, text } = await exportOf(world, query)
    expect([query, status]).toEqual([query, 400])
    expect(text).toContain(name)
  }
})

test('an export is recorded with its form and filter, and hides what could be a token', async () => {
  await using world = await openAcme()
  const newest = async (): Promise<unknown> =>
    (await world.store.read.audit.newest('acme', { limit: 1 }, {})).items[0]
  await exportOf(world, '?type=secret&state=active', CSV)
  expect(await newest()).toMatchObject({
    action: 'keys.export',
    target: 'organization/acme',
    after: { format: CSV, type: 'secret', state: 'active' },
  })
  await exportOf(world, '?search=any%20words')
  expect(await newest()).toMatchObject({ after: { format: NDJSON, search: '…' } })
  await exportOf(world, '?label=team:payments&label=team:sp_sk_4fT0Qm2ZrX9bLk7A&label=team:any%20words')
  expect(await newest()).toMatchObject({ after: { label: ['team:payments', '…', '…'] } })
})

test('a caller that accepts neither form is told so, and others get the form that they prefer', async () => {
  await using world = await openAcme()
  for (const accept of ['application/json', 'text/html', 'text/csv;q=0']) {
    const { status, text } = await exportOf(world, '', accept)
    expect([accept, status]).toEqual([accept, 400])
    expect(JSON.parse(text)).toMatchObject({ code: 'invalid_request', errors: [{ path: 'header/accept' }] })
  }
  expect((await exportOf(world, '', '*/*')).headers['content-type']).toContain(NDJSON)
  expect((await exportOf(world, '', 'text/csv, */*;q=0.1')).headers['content-type']).toContain(CSV)
})

test('HEAD is answered without an export', async () => {
  await using world = await openAcme()
  const before = await world.store.read.audit.head('acme')
  const head = await world.app.inject({ method: 'HEAD', url: PATH, headers: { ...world.owner, accept: CSV } })
  expect([head.statusCode, head.headers['content-type'], head.payload]).toEqual([
    200,
    'text/csv; charset=utf-8',
    '',
  ])
  const made = await world.own('POST', `${ACME}/keys`, { name: 'x', type: 'secret', roles: ['invoker'] })
  const invoker = bearer(made.body['token'])
  expect((await world.call('HEAD', PATH, undefined, invoker)).status).toBe(403)
  const { items } = await world.store.read.audit.newest('acme', { limit: 1 }, {})
  expect(items[0]?.sequence).toBe(Number(before?.sequence) + 1)
})

test('a reader of one environment exports its keys, others none', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/roles`, {
    name: 'reader',
    permissions: [{ permission: 'keys.read', environment: 'test' }],
  })
  const make = async (name: string, environment: string | null, roles: string[] = []) =>
    bearer(
      (await world.own('POST', `${ACME}/keys`, { name, type: 'secret', environment, roles })).body['token'],
    )
  const reader = await make('reader', 'test', ['reader'])
  const outsider = await make('no reader', 'test')
  await make('hidden', 'prod')
  await make('everywhere', null)
  const namesOf = async (query: string) =>
    read((await exportOf(world, query, NDJSON, reader)).text).keys.map(({ name }) => name)
  expect(await namesOf('')).toEqual(expect.arrayContaining(['reader', 'no reader']))
  expect(await namesOf('')).toHaveLength(2)
  expect((await exportOf(world, '?environment=prod', NDJSON, reader)).status).toBe(400)
  const refused = await exportOf(world, '', NDJSON, outsider)
  expect([refused.status, (JSON.parse(refused.text) as Json)['code']]).toEqual([403, 'permission_missing'])
  const other = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  expect((await exportOf(world, '', NDJSON, bearer(other.body['token']))).status).toBe(404)
  expect((await exportOf(world, '', NDJSON, {})).status).toBe(401)
})

test('no page of another site makes a person export keys', async () => {
  await using world = await openAcme()
  const { headers } = await signedIn(world, { acme: ['auditor'] })
  const crossSite = { ...headers, 'sec-fetch-site': 'cross-site' }
  const { status, text } = await exportOf(world, '', NDJSON, crossSite)
  expect([status, (JSON.parse(text) as Json)['code']]).toEqual([403, 'cross_origin'])
  const ownSite = { ...headers, 'sec-fetch-site': 'same-origin' }
  expect((await exportOf(world, '', NDJSON, ownSite)).status).toBe(200)
})

test('a reader that stops reading holds up neither memory nor writers, and later keys are not for it', async () => {
  const { wrap, pages } = counted()
  await using world = await openAcme({}, wrap)
  // 5,000 keys of 4 KB: more than the buffers of the system hold.
  const addressRules = Array.from({ length: 100 }, (_, index) => `2001:db8:0:0:0:0:${index}:0/112`)
  await addKeys(world, 5000, { addressRules })
  const response = await startExport(world)
  world.clock.nowMs += 1
  const later = await world.own('POST', `${ACME}/keys`, { name: 'later', type: 'secret' })
  expect(later.status).toBe(201)
  for (let index = 0; index < 20; index += 1) await world.own('GET', `${ACME}/projects`)
  expect(pages()).toBeLessThan(20)
  const busy = await exportOf(world)
  expect([busy.status, busy.headers['retry-after']]).toEqual([429, '30'])
  const { text, isComplete } = await readAll(response)
  expect(isComplete).toBe(true)
  const { keys } = read(text)
  expect(keys.length).toBeGreaterThan(5000)
  expect(keys.map(({ name }) => name)).not.toContain('later')
  expect(read((await exportOf(world, '?search=later')).text).keys).toHaveLength(1)
})

test('an export that fails is cut off without its last line, and gives its place back', async () => {
  const { wrap } = counted(3)
  await using world = await openAcme({}, wrap)
  await addKeys(world, 1000)
  const { text, isComplete } = await readAll(await startExport(world))
  expect(isComplete).toBe(false)
  expect(text).toContain('bulk')
  expect(text).not.toContain('"export"')
  expect((await readAll(await startExport(world))).isComplete).toBe(true)
})

test('a reader that goes away gives its place back, and a key that is deleted gets nothing more', async () => {
  await using world = await openAcme()
  const addressRules = Array.from({ length: 100 }, (_, index) => `2001:db8:0:0:0:0:${index}:0/112`)
  await addKeys(world, 5000, { addressRules })
  const gone = await startExport(world)
  gone.destroy()
  await expect.poll(async () => (await exportOf(world, '?type=public')).status).toBe(200)
  const made = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret', roles: ['auditor'] })
  const response = await startExport(world, bearer(made.body['token']))
  await world.own('DELETE', `${ACME}/keys/${textOf(made.body['key']?.['id'])}`)
  world.clock.nowMs += 1000
  const { text, isComplete } = await readAll(response)
  expect(isComplete).toBe(false)
  expect(text).not.toContain('"export"')
})

test('one actor starts 120 exports an hour', async () => {
  await using world = await openAcme()
  const statuses: number[] = []
  for (let index = 0; index < 121; index += 1) {
    statuses.push((await exportOf(world, '?freshness=due')).status)
  }
  expect(statuses).toEqual([...Array.from({ length: 120 }, () => 200), 429])
})
