import { afterAll, describe, expect, test } from 'vitest'
import { startEchoUpstream } from '../../../../../test/support/upstream.ts'
import { assertThat, pipeline, transform } from '../testing/step-fixtures.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import { ACME, deployment, makeKey, proxyTo, startWith } from '../testing/started-gateway.ts'

const upstream = await startEchoUpstream()
const key = makeKey()
const all = transform({ body: '$' })
const post = { methods: ['GET', 'POST'] }
const passes = [assertThat('true'), proxyTo(`${upstream.url}/up`)]
const started = await startWith([
  ...ACME,
  key.record,
  pipeline('all', all, { ...post, paths: ['/all', '/of/:id/*'] }),
  pipeline('rest', transform({ body: 'body' }), { ...post, kind: 'rest', requestBytesMax: 64 }),
  pipeline('file', all, { ...post, kind: 'http-file' }),
  pipeline('big', transform({ body: '$length(body)' }), { ...post, requestBytesMax: 100 * 1024 * 1024 }),
  pipeline('query', all, { apiKeyInQuery: true }),
  pipeline('passes', passes, post),
  pipeline('passes-file', passes, { ...post, kind: 'http-file' }),
  pipeline('slow', all, { ...post, timeoutMs: 300 }),
  deployment({ paths: ['/known'] }, all, { pipeline: 'known' }),
])
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})
const { port } = started.gateway

interface Seen {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly auth: Readonly<Record<string, unknown>>
  readonly status: number
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`${started.url}/acme/prod${path}`, init)
}

async function seen(path: string, init: RequestInit = {}): Promise<Seen> {
  return (await (await call(path, init)).json()) as Seen
}

async function codeOf(answer: Response): Promise<string> {
  return `${answer.status} ${String(((await answer.json()) as { code?: unknown }).code)}`
}

describe('A message contains', () => {
  test('the request', async () => {
    const message = await seen('/of/a%20b/c/d?x=1&y=2&x=3&__proto__=z&=', {
      headers: { 'X-Trace': 'abc', cookie: 'a=b' },
    })
    expect(message).toMatchObject({
      method: 'GET',
      path: '/of/a%20b/c/d',
      params: { id: 'a b', '*': 'c/d' },
      query: { x: ['1', '3'], y: '2', '': '' },
      body: null,
      status: 200,
    })
    expect(message.headers).toMatchObject({ 'x-trace': 'abc', cookie: 'a=b' })
  })

  test('names of the object prototype as ordinary names', async () => {
    const answer = await call('/all?__proto__=1&constructor=2', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"__proto__": {"admin": true}, "toString": 1}',
    })
    const text = await answer.text()
    expect(text).toContain('"__proto__":"1"')
    expect(text).toContain('"constructor":"2"')
    expect(text).toContain('"toString":1')
    expect((await seen('/all')).body).toBeNull()
  })

  test('no credentials and no connection headers', async () => {
    const lines = [
      `X-API-Key: ${key.token}`,
      'Apikey: x',
      'x_api_key: x',
      'Authorization: Basic YTpi',
      'X-Access-Token: x',
      'X-Sallyport-Consumer: root',
      'x_sallyport_key: root',
      'x.sallyport~labels: root',
      'x+api+key: x',
      'Connection: close, X-Hop',
      'X-Hop: 1',
      'Proxy-Authorization: x',
      'X-Kept: 1',
      'x-kept: 2',
    ]
    const text = await RawConnection.exchange(
      port,
      `GET /acme/prod/all?apikey=${key.token}&a=b HTTP/1.1\r\nHost: h\r\n${lines.join('\r\n')}\r\n\r\n`,
    )
    const message = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Seen
    expect(message.headers).toEqual({ host: 'h', 'x-kept': '1, 2' })
    expect(message.query).toEqual({ a: 'b' })
    expect((await seen('/query?apikey=other&a=b')).query).toEqual({ a: 'b' })
  })

  test('nothing that an upstream would not get of the caller either', async () => {
    const lines = [
      'X-Forwarded-For: 192.0.2.1',
      'x_forwarded_user: root',
      'X-Real-IP: 192.0.2.1',
      'Remote-User: root',
      'Forwarded: for=192.0.2.1',
      'X-HTTP-Method-Override: DELETE',
      'X-Original-URL: /admin',
      'Proxy: http://evil.example',
      'X-Request-Id: theirs',
      'x_request_id: other',
      'content_length: 9',
      'x.forwarded.for: 192.0.2.9',
      'Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'Via: 1.1 theirs',
      'Connection: close',
    ]
    const bytes = `POST /acme/prod/all HTTP/1.1\r\nHost: h\r\nX-API-Key: ${key.token}\r\nContent-Length: 0\r\n${lines.join('\r\n')}\r\n\r\n`
    const headersAt = async (gatewayPort: number): Promise<Seen['headers']> => {
      const text = await RawConnection.exchange(gatewayPort, bytes)
      return (JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Seen).headers
    }
    const own = { host: 'h', 'content-length': '0', via: '1.1 theirs', 'x-request-id': 'theirs' }
    expect(await headersAt(port)).toEqual(own)
    const records = [...ACME, key.record, pipeline('all', all, { ...post, paths: ['/all'] })]
    await using behindProxy = await startWith(records, { config: { trustedProxies: ['127.0.0.1'] } })
    expect(await headersAt(behindProxy.gateway.port)).toEqual({
      ...own,
      'x-forwarded-for': '192.0.2.1',
      x_forwarded_user: 'root',
      'x-real-ip': '192.0.2.1',
      'remote-user': 'root',
      forwarded: 'for=192.0.2.1',
    })
  })

  test('the caller', async () => {
    const known = await seen('/known', { headers: { 'x-api-key': key.token } })
    expect(known.auth).toEqual({
      organization: 'acme',
      consumer: null,
      consumerId: null,
      key: key.record.id,
      claims: null,
      labels: {},
    })
  })
})

describe('A body', () => {
  test.each([
    ['application/json', '{"a": [1, "\\u00e9"]}', { a: [1, 'é'] }],
    ['application/problem+json', '"x"', 'x'],
    ['text/plain', 'plain "é"', 'plain "é"'],
    ['application/x-www-form-urlencoded', 'a=b&c=d', 'a=b&c=d'],
    ['application/soap+xml; charset=utf-8', '<a/>', '<a/>'],
    ['application/octet-stream', 'abc', 'YWJj'],
    ['multipart/form-data; boundary=x', '--x--', 'LS14LS0='],
  ])('of type %s has the expected value', async (type, body, value) => {
    const message = await seen('/all', { method: 'POST', headers: { 'content-type': type }, body })
    expect(message.body).toEqual(value)
  })

  test('in another character encoding is decoded, and in an unknown one is Base64', async () => {
    const send = (charset: string) =>
      call('/all', {
        method: 'POST',
        headers: { 'content-type': `text/plain; charset=${charset}` },
        body: Buffer.from([0xe9]),
      })
    expect(((await (await send('iso-8859-1')).json()) as Seen).body).toBe('é')
    expect(((await (await send('klingon')).json()) as Seen).body).toBe('6Q==')
  })

  test.each([
    ['is not JSON', '{"secret-value": 1,}', {}, '400 invalid_request'],
    ['repeats a name', '{"a": "secret-value", "a": 2}', {}, '400 invalid_request'],
    ['repeats a name, escaped', '{"a": {"b": 1, "\\u0062": 2}}', {}, '400 invalid_request'],
    ['has a lone surrogate', '"\\ud800"', {}, '400 invalid_request'],
    ['is not in UTF-8', Buffer.from([0x22, 0xe9, 0x22]), {}, '400 invalid_request'],
    ['is of another type', '{}', { 'content-type': 'text/plain' }, '415 unsupported_media_type'],
    ['has a content coding', '{}', { 'content-encoding': 'gzip' }, '415 unsupported_media_type'],
    [
      'reads differently in its charset',
      '{"a":"+ACI-"}',
      { 'content-type': 'application/json; charset=utf-7' },
      '415 unsupported_media_type',
    ],
    ['is too long', `"${'x'.repeat(64)}"`, {}, '413 too_large'],
  ])('that %s is refused without quoting it', async (_name, body, headers, refusal) => {
    const answer = await call('/rest', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    expect(await codeOf(answer.clone())).toBe(refusal)
    expect(await answer.text()).not.toContain('secret-value')
  })

  test('in a content coding is Base64, and is forwarded unchanged', async () => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' }
    expect((await seen('/all', { method: 'POST', headers, body: 'abc' })).body).toBe('YWJj')
    const answer = await call('/passes', { method: 'POST', headers, body: 'abc' })
    expect(await answer.json()).toMatchObject({ body: 'abc', headers: { 'content-encoding': 'gzip' } })
  })

  test('of exactly the maximum size is accepted, also in chunks', async () => {
    const json = `"${'x'.repeat(62)}"`
    const type = { 'content-type': 'application/json' }
    expect(await (await call('/rest', { method: 'POST', headers: type, body: json })).json()).toHaveLength(62)
    const head =
      'POST /acme/prod/rest HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n'
    const chunked = (size: number): string =>
      `${head}Transfer-Encoding: chunked\r\n\r\n${(size + 2).toString(16)}\r\n"${'x'.repeat(size)}"\r\n0\r\n\r\n`
    expect(await RawConnection.exchange(port, chunked(62))).toContain(' 200 ')
    expect(await RawConnection.exchange(port, chunked(63))).toContain(' 413 ')
  })

  test("larger than the expressions' limit is refused, regardless of the pipeline's limit", async () => {
    const send = (body: string) =>
      call('/big', { method: 'POST', headers: { 'content-type': 'text/plain' }, body })
    expect(await (await send('x'.repeat(1024 * 1024))).json()).toBe(1024 * 1024)
    const answer = await send('x'.repeat(7 * 1024 * 1024 + 1))
    expect(await answer.json()).toMatchObject({ code: 'too_large', limitBytes: 7 * 1024 * 1024 })
    // Each of these becomes several characters in JSON.
    expect(await codeOf(await send('\u0001'.repeat(2 * 1024 * 1024)))).toBe('413 too_large')
  })

  test('with more values than are read is refused, whatever its size', async () => {
    const send = (items: number) =>
      call('/big', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `[${Array.from({ length: items }, () => '1').join()}]`,
      })
    expect((await send(249_000)).status).not.toBe(413)
    const answer = await send(250_001)
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ code: 'too_large', limitValues: 250_000 })
  })

  test('of a file trigger is not part of the message', async () => {
    expect((await seen('/file', { method: 'POST', body: Buffer.alloc(100_000) })).body).toBeNull()
  })

  test('is requested with 100 Continue if the caller expects it', async () => {
    await using connection = await RawConnection.open(port)
    connection.send(
      'POST /acme/prod/all HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n',
    )
    expect(await connection.until('\r\n\r\n')).toContain('HTTP/1.1 100 ')
    connection.send('hi')
    expect(await connection.until(/"body":"hi"/)).toContain('HTTP/1.1 200 ')
    // The connection can be used again.
    connection.send('GET /acme/prod/all?again=1 HTTP/1.1\r\nHost: h\r\n\r\n')
    await connection.until('"again":"1"')
  })

  test('that does not arrive in time is refused', async () => {
    await using connection = await RawConnection.open(port)
    connection.send('POST /acme/prod/slow HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab')
    expect(await connection.closed()).toContain('x-sallyport-code: request_timeout')
  })

  test('of a caller that disconnects is released from memory', async () => {
    await using connection = await RawConnection.open(port)
    connection.send('POST /acme/prod/all HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab')
    const metrics = (): Promise<string> => started.registry.metrics()
    await expect.poll(metrics).toMatch(/run_content_bytes 2\n/)
    connection.socket.destroy()
    await expect.poll(metrics).toMatch(/run_content_bytes 0\n/)
    expect(await metrics()).toMatch(/gateway_runs 0\n/)
    expect(await metrics()).toMatch(/_count\{.*outcome="caller_gone".*route="\/acme\/prod\/all".*} 1\n/)
  })
})

test('Endless bodies of one pipeline use only its share of the memory', async () => {
  const size = 7 * 1024 * 1024
  const most = Buffer.alloc(size - 1, 'x')
  const stalled: RawConnection[] = []
  // Ten of them fit into the 72 MiB that one pipeline can hold.
  for (let count = 1; count <= 10; count += 1) {
    const connection = await RawConnection.open(port)
    stalled.push(connection)
    connection.send(`POST /acme/prod/big HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`)
    connection.send(most)
    await expect.poll(() => started.registry.metrics()).toContain(`run_content_bytes ${count * (size - 1)}\n`)
  }
  const refused = await call('/big', { method: 'POST', body: most })
  expect(await codeOf(refused)).toBe('503 unavailable')
  expect((await call('/all', { method: 'POST', body: Buffer.alloc(1024 * 1024) })).status).toBe(200)
  for (const connection of stalled) connection.socket.destroy()
  await expect.poll(() => started.registry.metrics()).toMatch(/run_content_bytes 0\n/)
})

describe('A proxy after other steps', () => {
  test.each(['passes', 'passes-file'])('forwards the request unchanged: %s', async (name) => {
    const body = Buffer.from([0, 1, 255, 13, 10])
    const answer = await call(`/${name}?a=%41&b`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'x-own': 'yes', 'x-sallyport-key': 'forged' },
      body,
    })
    const echoed = (await answer.json()) as { url: string; headers: Record<string, string>; body: string }
    expect(echoed.url).toBe('/up?a=%41&b')
    expect(echoed.body).toBe(body.toString('utf8'))
    expect(echoed.headers).toMatchObject({ 'content-length': '5', 'x-own': 'yes', 'x-sallyport-key': '-' })
  })

  test('forwards a whole chunked body, and the connection stays open', async () => {
    await using connection = await RawConnection.open(port)
    const request =
      'POST /acme/prod/passes HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n'
    connection.send(request)
    await connection.until('"body":"abc"')
    connection.send(request)
    await connection.until(/"body":"abc"[^]*"body":"abc"/)
  })
})
