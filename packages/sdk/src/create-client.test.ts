import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createClient } from './create-client.ts'
import { etagOf, keepEtag } from './calls/etags.ts'
import { SallyportError } from './calls/sallyport-error.ts'
import { hangUp, json, problem, startScriptedServer, type Step } from './testing/scripted-server.ts'
import { eventually } from '../../../test/support/eventually.ts'

const TOKEN = 'sp_sk_4fT0Qm2ZrX9bLk7A_secret'
const KEY = { name: 'CI', type: 'secret' } as const

/** A client of a server that takes these steps. */
async function open(...steps: readonly Step[]) {
  const server = await startScriptedServer(...steps)
  const client = createClient({ url: server.url, token: TOKEN, organization: 'acme' })
  return { client, received: server.received, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** What a call throws. */
async function errorOf(call: Promise<unknown>): Promise<SallyportError> {
  const error: unknown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (error instanceof SallyportError) return error
  throw new Error(`Not a SallyportError: ${String(error)}`)
}

test('inputs go into path, query and body, and the token into its header', async () => {
  await using world = await open(json({ ok: true }))
  const { client, received } = world
  await client.getKey({ key: 'key_1' })
  await client.updateKey({ key: 'a/b?c', wait: 2, name: 'New', expiresAt: null, roles: undefined })
  await client.listKeys({ label: ['team:a', 'x y'], limit: 2 }).page('cur sor')
  await client.whoami()
  await client.getKey({ organization: 'other', key: '...' })
  expect(received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['GET', '/v1/organizations/acme/keys/key_1', ''],
    ['PATCH', '/v1/organizations/acme/keys/a%2Fb%3Fc?wait=2', '{"name":"New","expiresAt":null}'],
    ['GET', '/v1/organizations/acme/keys?limit=2&cursor=cur+sor&label=team%3Aa&label=x+y', ''],
    ['GET', '/v1/whoami', ''],
    ['GET', '/v1/organizations/other/keys/...', ''],
  ])
  for (const { headers } of received) expect(headers.authorization).toBe(`Bearer ${TOKEN}`)
  expect(received[1]?.headers['content-type']).toBe('application/json')
  expect(received[0]?.headers['content-type']).toBeUndefined()
})

test('a client without a token sends none, and one below a path keeps it', async () => {
  await using server = await startScriptedServer(json({}))
  await createClient({ url: `${server.url}/sallyport/` }).getHealth()
  expect(server.received).toMatchObject([{ url: '/sallyport/healthz' }])
  expect(server.received[0]?.headers.authorization).toBeUndefined()
})

test('an input that the path needs is missed before anything is sent', async () => {
  await using server = await startScriptedServer(json({}))
  const client = createClient({ url: server.url })
  await expect(client.getKey({ key: 'key_1' })).rejects.toThrow(
    new TypeError('The call needs "organization". Give one to the call, or to the client.'),
  )
  await expect(client.getKey({ organization: 'acme', key: '' })).rejects.toThrow('The call needs "key".')
  await expect(client.getKey({ organization: 'acme', key: '..' })).rejects.toThrow(
    'Nothing has the key "..".',
  )
  expect(server.received).toEqual([])
  expect(() => createClient({ url: 'ftp://example.com' })).toThrow('must begin with https://')
  expect(() => createClient({ url: 'console.example.com' })).toThrow(TypeError)
})

test('a problem becomes an error with its code, detail and request id', async () => {
  const errors = [{ path: '/name', message: 'Use a name.' }]
  await using world = await open(problem(400, 'invalid_request', {}, { errors, more: 1 }))
  const error = await errorOf(world.client.createKey(KEY))
  expect(error).toMatchObject({
    name: 'SallyportError',
    code: 'invalid_request',
    status: 400,
    detail: 'It is invalid_request.',
    requestId: 'req_1',
    message: 'It is invalid_request. (invalid_request, request req_1)',
    errors,
  })
  expect(error.problem['more']).toBe(1)
  expect(inspect(error)).not.toContain(TOKEN)
  expect(world.received).toHaveLength(1)
})

test.each<[string, Step]>([
  [
    'a page of a proxy',
    (response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<p>'),
  ],
  [
    'a problem that is cut off',
    (response) =>
      void response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"code":'),
  ],
  ['a problem without a code', json({ detail: 'x' }, 404, { 'content-type': 'application/problem+json' })],
  ['a success that is no JSON', (response) => void response.writeHead(200).end('<p>')],
])('%s is an unexpected answer', async (_, step) => {
  await using world = await open(step)
  const error = await errorOf(world.client.whoami())
  expect(error).toMatchObject({ code: 'unexpected_answer', requestId: null, errors: [] })
  expect(error.detail).toContain('Check the URL that you gave the SDK')
})

test('an answer without a body, and a file, are handed over as they are', async () => {
  await using world = await open(
    (response) => void response.writeHead(204).end(),
    (response) => void response.writeHead(200, { 'content-type': 'text/csv' }).end('id\r\nkey_1\r\n'),
    json({ id: 'imp_1' }, 202),
  )
  const { client, received } = world
  expect(await client.signOut()).toBeUndefined()
  const file = await client.exportKeys({ accept: 'text/csv', state: 'active' })
  expect(await file.text()).toBe('id\r\nkey_1\r\n')
  const stream = new Blob(['name,token\r\n']).stream()
  expect(await client.importKeys({ file: stream, contentType: 'text/csv' })).toEqual({ id: 'imp_1' })
  expect(
    received.map(({ url, headers, body }) => [url, headers.accept, headers['content-type'], body]),
  ).toEqual([
    ['/v1/session', expect.any(String), undefined, ''],
    ['/v1/organizations/acme/keys/export?state=active', 'text/csv', undefined, ''],
    ['/v1/organizations/acme/imports', expect.any(String), 'text/csv', 'name,token\r\n'],
  ])
})

test('a redirect is not followed: the token is for one server', async () => {
  await using other = await startScriptedServer(json({}))
  await using world = await open((response) => void response.writeHead(307, { location: other.url }).end())
  expect((await errorOf(world.client.whoami())).code).toBe('network_error')
  expect(other.received).toEqual([])
})

test('a list is read page after page, from the beginning each time, and only as far as it is used', async () => {
  const page = (items: readonly number[], next: string | null): Step => json({ items, next, total: 4 })
  await using world = await open(
    page([1, 2], 'b'),
    page([], 'c'),
    page([3], null),
    page([1, 2], 'b'),
    page([7], null),
    page([8, 9], 'z'),
  )
  const list = world.client.listKeys()
  expect(world.received).toEqual([])
  expect(await list.toArray()).toEqual([1, 2, 3])
  expect(await list.toArray(2)).toEqual([1, 2])
  expect(await list.page('c')).toEqual({ items: [7], next: null, total: 4 })
  expect(await list.toArray(0)).toEqual([])
  for await (const one of list) {
    expect(one).toBe(8)
    break
  }
  const cursors = world.received.map(({ url }) => new URL(url, 'http://x').searchParams.get('cursor'))
  expect(cursors).toEqual([null, 'b', 'c', null, 'c', null])
})

test.each<[string, (world: Awaited<ReturnType<typeof open>>) => Promise<unknown>, boolean]>([
  ['a GET', ({ client }) => client.whoami(), true],
  ['a PUT', ({ client }) => client.putVariable({ environment: 'test', name: 'X', value: '1' }), true],
  ['a POST with an idempotency key', ({ client }) => client.createKey(KEY), true],
  ['a POST without one', ({ client }) => client.signIn({ email: 'a@example.com', password: 'x' }), false],
  [
    'a PUT with a precondition',
    ({ client }) => client.putVariable({ environment: 'test', name: 'X', value: '1' }, { ifMatch: '"a"' }),
    false,
  ],
  ['a PATCH', ({ client }) => client.updateKey({ key: 'key_1', name: 'x' }), false],
  ['a DELETE', ({ client }) => client.deleteKey({ key: 'key_1' }), false],
  [
    'a stream',
    ({ client }) => client.importKeys({ file: new Blob(['x']).stream(), contentType: 'text/csv' }),
    false,
  ],
])('%s is repeated after a fault in doubt: %s', async (_, call, isRepeated) => {
  for (const fault of [hangUp, problem(503, 'unavailable'), json({}, 502, { 'content-type': 'text/html' })]) {
    await using world = await open(fault, json({ id: 'x' }))
    const outcome = await call(world).then(
      () => 'done',
      (error: unknown) => (error as SallyportError).status,
    )
    expect([outcome === 'done', world.received.length]).toEqual(isRepeated ? [true, 2] : [false, 1])
    const keys = world.received.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(1)
  }
})

test('what was refused because of a limit is repeated whatever it is, after the time that the server says', async () => {
  await using world = await open(problem(429, 'rate_limited', { 'retry-after': '1' }), json({ receipt: {} }))
  const startMs = performance.now()
  await world.client.deleteKey({ key: 'key_1' })
  expect(performance.now() - startMs).toBeGreaterThan(990)
  expect(world.received).toHaveLength(2)
})

test('a limit that lasts too long, and other refusals, are not waited for', async () => {
  await using world = await open(
    problem(429, 'rate_limited', { 'retry-after': '3600' }),
    problem(429, 'rate_limited', { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }),
    problem(409, 'conflict'),
    problem(500, 'internal'),
  )
  const { client, received } = world
  expect((await errorOf(client.whoami())).retryAfterSeconds).toBe(3600)
  expect((await errorOf(client.whoami())).retryAfterSeconds).toBeGreaterThan(3500)
  expect((await errorOf(client.createKey(KEY))).code).toBe('conflict')
  expect((await errorOf(client.whoami())).code).toBe('internal')
  expect(received).toHaveLength(4)
})

test('retries end: the last error is thrown', async () => {
  await using server = await startScriptedServer(problem(503, 'unavailable'))
  const client = createClient({ url: server.url, retries: 1 })
  expect(await errorOf(client.whoami())).toMatchObject({ code: 'unavailable', status: 503 })
  expect(server.received).toHaveLength(2)
})

test('a change is made only of what the caller has seen, by the ETag of an answer', async () => {
  await using world = await open(
    json({ id: 'con_1' }, 200, { etag: '"a"' }),
    json({ consumer: {} }, 200, { etag: '"b"' }),
    json({}),
    problem(412, 'precondition_failed'),
  )
  const { client, received } = world
  const seen = await client.getConsumer({ consumer: 'con_1' })
  expect(etagOf(seen)).toBe('"a"')
  expect(etagOf({ ...seen })).toBeUndefined()
  expect(etagOf(keepEtag(seen, { ...seen }))).toBe('"a"')
  expect(etagOf(keepEtag({}, { ...seen }))).toBeUndefined()
  const changed = await client.updateConsumer({ consumer: 'con_1' }, { ifMatch: etagOf(seen) })
  expect(etagOf(changed)).toBe('"b"')
  expect(etagOf(await client.updateConsumer({ consumer: 'con_1' }, { ifNoneMatch: '*' }))).toBeUndefined()
  const refused = client.updateConsumer({ consumer: 'con_1' }, { ifMatch: etagOf(seen) })
  expect(await errorOf(refused)).toMatchObject({ status: 412, code: 'precondition_failed' })
  expect(received.map(({ headers }) => [headers['if-match'], headers['if-none-match']])).toEqual([
    [undefined, undefined],
    ['"a"', undefined],
    [undefined, '*'],
    ['"a"', undefined],
  ])
})

test('each call has an idempotency key of its own, or that of its options', async () => {
  await using world = await open(json({}))
  const { client, received } = world
  await client.createKey(KEY)
  await client.createKey(KEY)
  await client.createKey(KEY, { idempotencyKey: 'mine' })
  await client.whoami({}, { idempotencyKey: 'mine' })
  const [first, second, third, fourth] = received.map(({ headers }) => headers['idempotency-key'])
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(second).not.toBe(first)
  expect([third, fourth]).toEqual(['mine', undefined])
})

test('a signal ends a call, its pauses and its retries, with its own reason', async () => {
  const reason = new Error('enough')
  await using silent = await open(() => undefined)
  const calls = new AbortController()
  const call = silent.client.whoami({}, { signal: calls.signal })
  await eventually(() => expect(silent.received).toHaveLength(1))
  calls.abort(reason)
  await expect(call).rejects.toBe(reason)
  await expect(silent.client.whoami({}, { signal: calls.signal })).rejects.toBe(reason)
  expect(silent.received).toHaveLength(1)

  await using limited = await open(problem(429, 'rate_limited', { 'retry-after': '50' }))
  const pauses = new AbortController()
  const waiting = limited.client.whoami({}, { signal: pauses.signal })
  await eventually(() => expect(limited.received).toHaveLength(1))
  pauses.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

test('an attempt that takes too long counts as a network error, also within its answer', async () => {
  await using server = await startScriptedServer(
    () => undefined,
    (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    json({ type: 'secret' }),
  )
  const client = createClient({ url: server.url, attemptMsMax: 200 })
  expect(await client.whoami()).toEqual({ type: 'secret' })
  expect(server.received).toHaveLength(3)
  const impatient = createClient({ url: server.url, attemptMsMax: 200, retries: 0 })
  await using silent = await startScriptedServer(() => undefined)
  const error = await errorOf(createClient({ url: silent.url, attemptMsMax: 50, retries: 0 }).whoami())
  expect(error).toMatchObject({ code: 'network_error', status: 0 })
  expect(String(error.cause)).toContain('50 ms')
  expect(await impatient.whoami()).toEqual({ type: 'secret' })
})

test('a server that nothing listens at is a network error', async () => {
  const server = await startScriptedServer(json({}))
  await server[Symbol.asyncDispose]()
  const error = await errorOf(createClient({ url: server.url, retries: 0 }).whoami())
  expect(error).toMatchObject({ code: 'network_error', status: 0, requestId: null })
})

test('another fetch can be given, and gets the signal', async () => {
  const seen: RequestInit[] = []
  const client = createClient({
    url: 'https://console.example.com',
    fetch: async (_url, init) => {
      seen.push(init ?? {})
      return Response.json({ ok: true })
    },
  })
  await client.whoami()
  expect(seen).toMatchObject([{ method: 'GET', redirect: 'error' }])
  expect(seen[0]?.signal).toBeInstanceOf(AbortSignal)
})
