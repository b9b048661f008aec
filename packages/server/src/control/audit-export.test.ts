import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { isSignedBy } from '../store/audit/audit-checkpoint.ts'
import { verifyAuditChain } from '../store/audit/audit-chain.ts'
import type { AuditRow } from '../store/port/audit-events.ts'
import type { Store } from '../store/port/store.ts'
import { entry } from '../store/testing/examples/audit-events.ts'
import { signedIn } from './testing/people.ts'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'

const EVENTS = `${ACME}/audit-events`
const NDJSON = 'application/x-ndjson'

interface Line {
  readonly sequence?: number
  readonly at?: string
  readonly action?: string
  readonly target?: string
  readonly after?: unknown
  readonly hash?: string
  readonly publicKey?: string
  readonly export?: { readonly events: number; readonly filter: unknown }
  readonly checkpoint?: {
    readonly organization: string
    readonly sequence: number
    readonly hash: string
    readonly at: string
    readonly keyId: string
    readonly signature: string
  }
}

async function exportOf(
  world: AcmeWorld,
  query = '',
  accept = NDJSON,
  headers: Readonly<Record<string, string>> = world.owner,
) {
  const answer = await world.app.inject({
    method: 'GET',
    url: `${EVENTS}${query}`,
    headers: { ...headers, accept },
  })
  return { status: answer.statusCode, headers: answer.headers, text: answer.payload }
}

function linesOf(text: string): readonly Line[] {
  expect(text.endsWith('\n')).toBe(true)
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

/** The rows of the store that the lines of events stand for. */
function rowsOf(lines: readonly Line[]): AuditRow[] {
  return lines
    .filter(({ sequence }) => sequence !== undefined)
    .map(({ at, ...line }) => ({ ...line, atMs: Date.parse(at ?? '') }) as unknown as AuditRow)
}

/** Adds many large events, at once. */
async function addLargeEvents({ store }: AcmeWorld, count: number): Promise<void> {
  await store.write(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      tx.audit(entry('acme', { action: 'test.large', after: { text: 'x'.repeat(20_000) } }))
    }
    await Promise.resolve()
  })
}

/** A store that counts the batches of exports, and fails at one of them. */
function counted(failedOne = Infinity): {
  readonly wrap: (store: Store) => Store
  readonly batches: () => number
} {
  let batches = 0
  return {
    batches: () => batches,
    wrap: (store) => ({
      ...store,
      feed: store.feed,
      write: (work, by) => store.write(work, by),
      read: {
        ...store.read,
        audit: {
          ...store.read.audit,
          async list(...args) {
            batches += 1
            if (batches === failedOne) throw new Error('the database is gone')
            return await store.read.audit.list(...args)
          },
        },
      },
    }),
  }
}

/** Starts an export on a socket without reading its body. */
async function startExport(world: AcmeWorld, headers = world.owner): Promise<IncomingMessage> {
  const port = await world.port()
  const request = get({
    host: '127.0.0.1',
    port,
    path: EVENTS,
    agent: false,
    headers: { ...headers, accept: NDJSON },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

/** Reads a body to its end. */
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

test('the whole log is exported as NDJSON, oldest first, and ends with a signed checkpoint of the export itself', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret', roles: ['owner'] })
  const { status, headers, text } = await exportOf(world)
  expect([status]).toEqual([200])
  expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
  expect(headers['content-disposition']).toBe('attachment; filename="audit-acme-2026-01-01T000000Z.ndjson"')
  expect(headers['content-length']).toBeUndefined()
  const lines = linesOf(text)
  const rows = rowsOf(lines)
  expect(rows[0]?.sequence).toBe(1)
  expect(verifyAuditChain(rows)).toBeUndefined()
  expect(rows.at(-1)).toMatchObject({
    action: 'audit.export',
    target: 'organization/acme',
    after: { format: NDJSON },
  })
  const last = lines.at(-1)
  expect(last?.export).toEqual({ events: rows.length, filter: null })
  expect(last?.checkpoint).toMatchObject({
    organization: 'acme',
    sequence: rows.length,
    hash: rows.at(-1)?.hash,
  })
  if (last?.checkpoint === undefined) throw new Error('no checkpoint')
  const { at, ...statement } = last.checkpoint
  const key = createPublicKey(last.publicKey ?? '')
  expect(isSignedBy({ ...statement, atMs: Date.parse(at) }, key)).toBe(true)
  expect(isSignedBy({ ...statement, atMs: Date.parse(at) + 1 }, key)).toBe(false)
  world.clock.nowMs += 1000
  const again = linesOf((await exportOf(world)).text)
  expect(again.at(-1)?.publicKey).toBe(last.publicKey)
  expect(again.filter((line) => line.checkpoint !== undefined && line.export === undefined)).toEqual([
    { checkpoint: last.checkpoint, publicKey: last.publicKey },
  ])
})

test('an export ends with its own event, although others follow it before it is signed', async () => {
  let isOvertaken = false
  const wrap = (store: Store): Store => ({
    ...store,
    feed: store.feed,
    read: store.read,
    async write(work, by) {
      const committed = await store.write(work, by)
      // Another process writes before the export goes on.
      if (isOvertaken) await store.write(async (tx) => await Promise.resolve(tx.audit(entry('acme'))))
      return committed
    },
  })
  await using world = await openAcme({}, wrap)
  isOvertaken = true
  const lines = linesOf((await exportOf(world)).text)
  const rows = rowsOf(lines)
  expect(rows.at(-1)).toMatchObject({ action: 'audit.export', after: { format: NDJSON } })
  expect(lines.at(-1)?.checkpoint).toMatchObject({ sequence: rows.length, hash: rows.at(-1)?.hash })
})

test('a filtered export has the events of the filter, and says so', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/projects`, { name: 'shop' })
  const lines = linesOf(
    (await exportOf(world, '?action=projects.*&from=2026-01-01T01:00:00%2b01:00&limit=1')).text,
  )
  expect(rowsOf(lines).map(({ target }) => target)).toContain('project/shop')
  expect(rowsOf(lines).every(({ action }) => action.startsWith('projects.'))).toBe(true)
  expect(lines.at(-1)?.export).toEqual({
    events: lines.length - 1,
    filter: { action: 'projects.*', from: '2026-01-01T00:00:00.000Z' },
  })
  expect((await exportOf(world, '?action=nothing*')).status).toBe(400)
  const token = textOf((await world.own('POST', `${ACME}/keys`, { name: 'x', type: 'secret' })).body['token'])
  await exportOf(world, `?action=projects.create&target=key/${token}`)
  const { items } = await world.store.read.audit.newest('acme', { limit: 1 }, {})
  expect(items).toMatchObject([{ after: { format: NDJSON, action: 'projects.create', target: '…' } }])
})

test('the log is exported as CSV, with a header', async () => {
  await using world = await openAcme()
  const { headers, text } = await exportOf(world, '?target=organization/', 'text/csv')
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(headers['content-disposition']).toBe('attachment; filename="audit-acme-2026-01-01T000000Z.csv"')
  const [head, ...records] = text.split('\r\n')
  expect(head).toBe('"sequence","at","actor","action","target","before","after","previousHash","hash"')
  expect(records[0]).toMatch(
    /^1,"2026-01-01T00:00:00.000Z","setup","organizations.create","organization\/acme","null",/,
  )
  expect(records.at(-2)).toContain('"audit.export"')
  expect(records.at(-1)).toBe('')
})

test('HEAD, and everything else that is asked for, is answered with JSON and is no export', async () => {
  await using world = await openAcme()
  const before = (await world.own('GET', EVENTS)).body
  for (const accept of ['*/*', 'text/html', 'application/json', 'text/csv;q=0', 'nonsense']) {
    const answer = await world.own('GET', EVENTS, undefined, { accept })
    expect([accept, answer.status, answer.body, answer.headers['vary']]).toEqual([
      accept,
      200,
      before,
      'accept',
    ])
  }
  const head = await world.call('HEAD', EVENTS, undefined, { ...world.owner, accept: NDJSON })
  expect([head.status, head.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
})

test('only who may read the log exports it, and no organization exports another one', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret', roles: ['developer'] })
  const developer = bearer(made.body['token'])
  const refused = await exportOf(world, '', NDJSON, developer)
  expect([refused.status, (JSON.parse(refused.text) as Json)['code']]).toEqual([403, 'permission_missing'])
  const other = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  expect((await exportOf(world, '', NDJSON, bearer(other.body['token']))).status).toBe(404)
})

test('no page of another site makes a person export a log', async () => {
  await using world = await openAcme()
  const { headers } = await signedIn(world, { acme: ['auditor'] })
  const newest = async () => (await world.store.read.audit.head('acme'))?.sequence
  const before = await newest()
  for (const page of [
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'http://127.0.0.1:9999' },
  ] as Record<string, string>[]) {
    const { status, text } = await exportOf(world, '', NDJSON, { ...headers, ...page })
    expect([page, status, (JSON.parse(text) as Json)['code']]).toEqual([page, 403, 'cross_origin'])
    // A key is sent by nobody who does not have it.
    expect(
      (await exportOf(world, '?action=passkeys.rename', NDJSON, { ...world.owner, ...page })).status,
    ).toBe(200)
  }
  expect(await newest()).toBe(Number(before) + 3)
  expect((await exportOf(world, '', NDJSON, { ...headers, 'sec-fetch-site': 'same-origin' })).status).toBe(
    200,
  )
})

test('a reader that stops reading holds up neither memory nor writers, and gets what was there at the start', async () => {
  const { wrap, batches } = counted()
  await using world = await openAcme({}, wrap)
  await addLargeEvents(world, 3000)
  const response = await startExport(world)
  const project = await world.own('POST', `${ACME}/projects`, { name: 'meanwhile' })
  expect(project.status).toBe(201)
  for (let index = 0; index < 20; index += 1) await world.own('GET', `${EVENTS}?limit=1`)
  // Of 16 batches of 4 MB, those that fit into the buffers of the system.
  expect(batches()).toBeLessThan(10)
  const busy = await exportOf(world)
  expect([busy.status, busy.headers['retry-after']]).toEqual([429, '30'])
  const { text, isComplete } = await readAll(response)
  expect(isComplete).toBe(true)
  const rows = rowsOf(linesOf(text))
  expect(verifyAuditChain(rows)).toBeUndefined()
  expect(rows.at(-1)?.action).toBe('audit.export')
  expect((await exportOf(world, '?action=projects.*')).status).toBe(200)
})

test('an export that fails is cut off without a checkpoint, and gives its place back', async () => {
  const { wrap } = counted(3)
  await using world = await openAcme({}, wrap)
  await addLargeEvents(world, 500)
  const { text, isComplete } = await readAll(await startExport(world))
  expect(isComplete).toBe(false)
  expect(text).toContain('"test.large"')
  expect(text).not.toContain('"checkpoint"')
  expect((await startExport(world)).resume().statusCode).toBe(200)
})

test('a reader that goes away gives its place back, and a key that is deleted gets nothing more', async () => {
  await using world = await openAcme()
  await addLargeEvents(world, 2000)
  const gone = await startExport(world)
  gone.destroy()
  await expect.poll(async () => (await exportOf(world, '?action=webhooks.*')).status).toBe(200)
  const made = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret', roles: ['auditor'] })
  const response = await startExport(world, bearer(made.body['token']))
  await world.own('DELETE', `${ACME}/keys/${textOf(made.body['key']?.['id'])}`)
  world.clock.nowMs += 1000
  const { text, isComplete } = await readAll(response)
  expect(isComplete).toBe(false)
  expect(text).not.toContain('"checkpoint"')
})

test('one actor starts 30 exports an hour', async () => {
  await using world = await openAcme()
  const statuses: number[] = []
  for (let index = 0; index < 31; index += 1)
    statuses.push((await exportOf(world, '?action=webhooks.*')).status)
  expect(statuses).toEqual([...Array.from({ length: 30 }, () => 200), 429])
})
