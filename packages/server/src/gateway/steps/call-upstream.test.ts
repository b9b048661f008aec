import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { startEchoUpstream, startUpstream } from '../../../../../test/support/upstream.ts'
import { assertThat, callTo, pipeline, transform } from '../testing/step-fixtures.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import { ACME, deployment, makeKey, secret, startWith } from '../testing/started-gateway.ts'

const echo = await startEchoUpstream()
/** The number of an upstream's requests aborted before their response. */
let cutOff = 0
let lost = 0
const odd = await startUpstream((request, response) => {
  const json = { 'content-type': 'application/json' }
  switch (request.url) {
    case '/text':
      response.writeHead(203, { 'content-type': 'text/plain' }).end('hello')
      break
    case '/empty':
      response.writeHead(204).end()
      break
    case '/conditional':
      response.writeHead(request.headers['if-none-match'] === '"a"' ? 304 : 200).end()
      break
    case '/bytes':
      response.end(Buffer.from([0, 255]))
      break
    case '/redirect':
      response.writeHead(302, { ...json, location: '/text' }).end('{"moved":true}')
      break
    case '/no-json':
      response.writeHead(200, json).end('{"a":')
      break
    case '/twice':
      response.writeHead(200, json).end('{"admin":false,"admin":true}')
      break
    case '/coded':
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('{}')
      break
    case '/large':
      response.writeHead(200, json).end(`"${'x'.repeat(9 * 1024 * 1024)}"`)
      break
    case '/half':
      response.writeHead(200, { ...json, 'content-length': '10' }).write('{')
      setImmediate(() => response.destroy())
      break
    case '/dead-once':
      lost += 1
      if (lost === 1) request.socket.destroy()
      else response.writeHead(200, json).end('"alive"')
      break
    default:
      request.on('close', () => (cutOff += 1))
  }
})
/** Ends each response as its path says: `/reset` and `/fin` end one without a length, any other path is a status. */
const raw = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  socket.once('data', (bytes) => {
    const path = String(bytes).split(' ')[1]?.slice(1) ?? ''
    const json = 'Content-Type: application/json'
    if (path === 'fin') socket.end(`HTTP/1.1 200 OK\r\n${json}\r\n\r\n{"whole":true}`)
    else if (path === 'transfer-coded') {
      socket.end(`HTTP/1.1 200 OK\r\n${json}\r\nTransfer-Encoding: gzip\r\n\r\n{}`)
    } else if (path === 'reset') {
      socket.write(`HTTP/1.1 200 OK\r\n${json}\r\n\r\n{"whole":true}`, () => {
        setTimeout(() => socket.resetAndDestroy(), 50)
      })
    } else socket.end(`HTTP/1.1 ${path} Odd\r\n${json}\r\nContent-Length: 2\r\n\r\n{}`)
  })
})
raw.listen(0, '127.0.0.1')
await once(raw, 'listening')
const rawUrl = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`
const RAW = ['fin', 'reset', 'transfer-coded', '000', '099', '600', '999', '1000', '599', '304']
/** Calls with a content type of their own: the name, the type and the body. */
const CONTENTS = [
  ['form', 'Application/X-WWW-Form-Urlencoded', '{ "grant_type": "x y", "to": body.to }'],
  ['form-text', 'application/x-www-form-urlencoded', '"grant_type=" & body.to[0]'],
  ['soap', 'text/xml; charset=utf-8', '"<to>" & body.to[0] & "</to>"'],
  ['patch', 'application/merge-patch+json', '"text"'],
  ['nested', 'application/x-www-form-urlencoded', '{ "a": { "b": "secret" } }'],
] as const
const key = makeKey()
const odds = ['text', 'empty', 'bytes', 'redirect', 'no-json', 'twice', 'coded', 'large', 'half', 'dead-once']
const started = await startWith([
  ...ACME,
  key.record,
  secret('TOKEN', 's3cr3t'),
  deployment(
    { paths: ['/orders/:id'], encodedSlashes: 'allow' },
    callTo(`${echo.url}/up/{id}?k={secrets.TOKEN}`, {
      method: 'PUT',
      headers: { Authorization: 'Bearer {secrets.TOKEN}', 'x-id': '{id}' },
      body: '{"order": body.number, "who": auth.key}',
    }),
  ),
  pipeline('get', callTo(`${echo.url}/get`)),
  pipeline('accepts', callTo(`${echo.url}/get`, { headers: { Accept: 'text/csv' } })),
  ...CONTENTS.map(([name, type, body]) =>
    pipeline(name, callTo(`${echo.url}/post`, { method: 'POST', headers: { 'Content-Type': type }, body })),
  ),
  pipeline('no-body', callTo(`${echo.url}/post`, { method: 'POST', body: 'missing' })),
  pipeline('chain', [
    callTo(`${echo.url}/1`),
    transform({ body: '{"first": body.url}' }),
    callTo(`${echo.url}/2`, { method: 'POST', body: 'body' }),
    assertThat('status = 200 and $eval(body.body).first = "/1"'),
    transform({ body: '"done"' }),
  ]),
  pipeline('no-secret', callTo(`${echo.url}/`, { headers: { 'x-a': '{secrets.OTHER}' } })),
  pipeline('private', callTo('http://10.1.2.3/')),
  pipeline('nobody', callTo('http://127.0.0.1:9/')),
  pipeline('hangs', callTo(`${odd.url}/hangs`), { timeoutMs: 300 }),
  pipeline('hangs-step', callTo(`${odd.url}/hangs`, { timeoutMs: 200 })),
  pipeline('conditional', callTo(`${odd.url}/conditional`, { headers: { 'If-None-Match': '"a"' } })),
  pipeline('hangs-long', callTo(`${odd.url}/hangs`)),
  ...RAW.map((name) => pipeline(name, callTo(`${rawUrl}/${name}`, { method: 'POST' }))),
  ...odds.map((name) => pipeline(name, callTo(`${odd.url}/${name}`))),
])
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await echo[Symbol.asyncDispose]()
  await odd[Symbol.asyncDispose]()
  raw.close()
})

interface Echoed {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`${started.url}/acme/prod/${path}`, init)
}

async function echoed(path: string, init: RequestInit = {}): Promise<Echoed> {
  return (await (await call(path, init)).json()) as Echoed
}

describe('The upstream receives', () => {
  test("the step's values, the caller's identity, and nothing else of the request", async () => {
    const { method, url, headers, body } = await echoed('orders/7%2F8?x=1', {
      method: 'POST',
      headers: { 'x-api-key': key.token, 'x-own': '1', cookie: 'a=b', 'content-type': 'application/json' },
      body: '{"number": 3}',
    })
    expect([method, url, body]).toEqual([
      'PUT',
      '/up/7%2F8?k=s3cr3t',
      JSON.stringify({ order: 3, who: key.record.id }),
    ])
    const { 'x-request-id': requestId, traceparent, ...rest } = headers
    expect(requestId).toMatch(/./)
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/)
    expect(rest).toEqual({
      host: echo.url.slice('http://'.length),
      connection: 'keep-alive',
      authorization: 'Bearer s3cr3t',
      'x-id': '7%2F8',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'content-length': String(body.length),
      'x-sallyport-organization': 'acme',
      'x-sallyport-environment': 'prod',
      'x-sallyport-pipeline': 'orders',
      'x-sallyport-consumer': '-',
      'x-sallyport-key': key.record.id,
      'x-sallyport-claims': '-',
      'x-sallyport-labels': '-',
    })
  })

  test('no body if the step has none', async () => {
    for (const name of ['get', 'no-body']) {
      const { headers, body } = await echoed(name)
      expect([body, headers['content-type']]).toEqual(['', undefined])
    }
  })

  test.each([
    ['form', 'grant_type=x+y&to=a&to=%C3%A9'],
    ['form-text', 'grant_type=a'],
    ['soap', '<to>a</to>'],
    ['patch', '"text"'],
  ])('the body in the content type of the step: %s', async (name, content) => {
    const json = { 'content-type': 'application/json' }
    const { headers, body } = await echoed(name, { method: 'POST', headers: json, body: '{"to":["a","é"]}' })
    expect([body, headers['content-length']]).toEqual([content, String(Buffer.byteLength(content))])
    expect(CONTENTS.map(([, type]) => type)).toContain(headers['content-type'])
  })

  test('no form of nested values: the step fails, and neither the response nor the log has them', async () => {
    const answer = await call('nested', { method: 'POST' })
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({
      code: 'step_failed',
      place: '/steps/0/call/body',
      reason: 'value',
    })
    expect(text + started.log.join('')).not.toContain('"secret"')
  })

  test("the step's headers instead of the defaults", async () => {
    expect((await echoed('accepts')).headers['accept']).toBe('text/csv')
  })

  test('the response of an earlier call', async () => {
    expect(await (await call('chain')).json()).toBe('done')
  })
})

describe('A response', () => {
  test.each<[string, number, unknown]>([
    ['text', 203, 'hello'],
    ['bytes', 200, 'AP8='],
    ['redirect', 302, { moved: true }],
    ['dead-once', 200, 'alive'],
  ])('%s becomes the message', async (name, status, body) => {
    const answer = await call(name, { redirect: 'manual' })
    expect([answer.status, await answer.json()]).toEqual([status, body])
    expect(answer.headers.has('location')).toBe(false)
  })

  test('without content leaves an empty body', async () => {
    const answer = await call('empty')
    expect([answer.status, await answer.text()]).toEqual([204, ''])
  })

  test('to a conditional request can be 304', async () => {
    expect((await call('conditional', { headers: { 'if-none-match': '"b"' } })).status).toBe(304)
  })

  test('that ends with its connection is complete', async () => {
    expect(await (await call('fin')).json()).toEqual({ whole: true })
  })

  test('with the status 599 is passed on', async () => {
    expect((await call('599')).status).toBe(599)
  })

  test.each([
    'no-json',
    'twice',
    'coded',
    'large',
    'half',
    'nobody',
    'private',
    'reset',
    'transfer-coded',
    '000',
    '099',
    '600',
    '999',
    '1000',
    '304',
  ])('that is unavailable or unusable gives a problem: %s', async (name) => {
    const answer = await call(name)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      502,
      'upstream_failed',
    ])
    expect(started.log.at(-1)).toContain('upstream failed')
  })

  test.each(['hangs', 'hangs-step'])('that does not arrive in time gives a problem: %s', async (name) => {
    const before = cutOff
    const answer = await call(name)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      504,
      'upstream_timeout',
    ])
    await expect.poll(() => cutOff).toBe(before + 1)
  })

  test('is not awaited once the caller has disconnected', async () => {
    const before = cutOff
    await using connection = await RawConnection.open(started.gateway.port)
    connection.send('GET /acme/prod/hangs-long HTTP/1.1\r\nHost: h\r\n\r\n')
    await expect.poll(() => started.registry.metrics()).toMatch(/gateway_runs 1\n/)
    connection.socket.resetAndDestroy()
    await expect.poll(() => cutOff).toBe(before + 1)
    await expect.poll(() => started.registry.metrics()).toMatch(/gateway_runs 0\n/)
  })

  test('is not requested without the secret, which the log names', async () => {
    const answer = await call('no-secret')
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([500, 'internal'])
    expect(started.log.at(-1)).toContain('OTHER')
  })

  test('is not requested with an unsafe path value', async () => {
    const answer = await call('orders/%252e%252e', { headers: { 'x-api-key': key.token } })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      400,
      'invalid_request',
    ])
  })
})
