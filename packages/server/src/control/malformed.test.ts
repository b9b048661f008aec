import { connect } from 'node:net'
import { PROBLEMS } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from '../gateway/testing/raw-connection.ts'
import { ACME, openAcme, type AcmeWorld } from './testing/control-world.ts'

let world: AcmeWorld
let port: number
let authorization: string

beforeAll(async () => {
  world = await openAcme()
  port = await world.port()
  authorization = world.owner.authorization
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends bytes over a socket, ends its writing half, and reads until the server closes. */
async function send(...parts: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (received += chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
    for (const part of parts) socket.write(part)
    socket.end()
  })
  const [answerHead = '', body = ''] = text.split('\r\n\r\n', 2)
  return { status: Number(answerHead.slice(9, 12)), head: answerHead.toLowerCase(), body }
}

/** Sends bytes over a socket, and reads until the server closes. @returns every response, in order */
async function sendForAll(bytes: string): Promise<string[]> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (received += chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
    socket.write(bytes)
  })
  return text.split(/(?=HTTP\/1\.1 \d{3} )/)
}

function head(line: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { host: 'localhost', authorization, connection: 'close', ...headers }
  return `${line}\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

async function post(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const length = String(Buffer.byteLength(body))
  return await send(
    head(`POST ${ACME}/keys HTTP/1.1`, {
      'content-type': 'application/json',
      'content-length': length,
      ...headers,
    }),
    body,
  )
}

function expectProblem(answer: RawAnswer, status: number, code: string): void {
  expect(answer.status, answer.head).toBe(status)
  expect(answer.head).toContain('content-type: application/problem+json')
  expect(answer.head).toMatch(/x-request-id: \S+/)
  expect(JSON.parse(answer.body)).toMatchObject({ status, code })
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('rejects a body', () => {
  test.each<[string, string | Buffer]>([
    ['broken JSON', '{"name": '],
    ['two values', '{} {}'],
    ['a text', '"key"'],
    ['null', 'null'],
    ['an array', '[]'],
    ['nothing', ''],
    ['wrong types', '{"name": 1, "type": ["secret"]}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from('{"name":"x","type":"secret"}', 'utf16le')],
    ['the name __proto__', '{"name":"x","type":"secret","__proto__":{"roles":["owner"]}}'],
    ['the name __proto__, escaped', '{"name":"x","type":"secret","\\u005f_proto__":{}}'],
    ['the name constructor, deep down', '{"name":"x","type":"secret","rateLimits":[{"constructor":{}}]}'],
    ['the same name twice', '{"name":"x","type":"public","type":"secret"}'],
    ['the same name twice, once escaped', '{"name":"x","type":"public","\\u0074ype":"secret"}'],
    [
      'the same name twice, deep down',
      '{"name":"x","type":"secret","rateLimits":[{"per":"day","per":"hour"}]}',
    ],
    ['the name __proto__ twice', '{"name":"x","type":"secret","__proto__":1,"__proto__":2}'],
    [
      'an integer that loses digits',
      '{"name":"x","type":"secret","rateLimits":[{"requests":9007199254740993}]}',
    ],
    ['a byte order mark', '\ufeff{"name":"x","type":"secret"}'],
    ['NUL in a text', '{"name":"x\\u0000","type":"secret"}'],
    ['a lone surrogate', '{"name":"\\ud800","type":"secret"}'],
    ['a number past every other', '{"name":1e999}'],
    ['depth beyond reason', nested(200_000)],
    ['depth just too much', nested(65)],
    ['values without an end', `[${'1,'.repeat(50_000)}1]`],
  ])('%s', async (_name, body) => {
    expectProblem(await post(body), 400, 'invalid_request')
  })

  test.each<[string, string]>([
    ['broken YAML', 'name: [x'],
    [
      'an anchor of anchors',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    ],
    ['the same name twice', 'name: x\nname: y\n'],
    ['the name __proto__', 'name: x\n__proto__: {a: 1}\n'],
    ['two documents', 'name: x\n---\nname: y\n'],
    ['content after the end', 'name: x\ntype: secret\n...\nexpiresAt: 2020-01-01T00:00:00Z\n'],
    ['a directive', '%YAML 1.1\n---\nname: x\ntype: secret\n'],
    ['an ordered map', 'name: x\ntype: secret\nrateLimits: !!omap []\n'],
    ['a merge key', 'name: x\ntype: secret\n<<: {roles: [owner]}\n'],
    ['a tag of its own', 'name: !!js/function x\n'],
    ['infinity', 'name: .inf\n'],
    ['a name that is no text', '? [a, b]\n: x\n'],
    ['an alias of itself', 'name: &a [*a]\n'],
    ['depth beyond reason', nested(30_000)],
    [
      'aliases without an end',
      `a: &a 1\n${Array.from({ length: 5000 }, (_, index) => `b${index}: *a`).join('\n')}`,
    ],
  ])('%s', async (_name, body) => {
    expectProblem(await post(body, { 'content-type': 'application/yaml' }), 400, 'invalid_request')
  })

  test('that is too large', async () => {
    const answer = await post(`{"name":"${'x'.repeat(1024 * 1024)}"}`)
    expectProblem(answer, 413, 'too_large')
    expect(JSON.parse(answer.body)).toMatchObject({ limitBytes: 1024 * 1024 })
  })

  test('that is too large for YAML', async () => {
    expectProblem(
      await post(`name: ${'x'.repeat(65_536)}`, { 'content-type': 'text/yaml' }),
      413,
      'too_large',
    )
  })

  test('that is too large, in chunks', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const answer = await send(
      head(`POST ${ACME}/keys HTTP/1.1`, {
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      }),
      chunk.repeat(20),
      '0\r\n\r\n',
    )
    expectProblem(answer, 413, 'too_large')
  })

  test.each([
    ['text/plain'],
    ['application/xml'],
    ['multipart/form-data; boundary=x'],
    ['nonsense'],
    ['application/json; charset'],
  ])('of type %s', async (type) => {
    const answer = await post('{"name":"x","type":"secret"}', { 'content-type': type })
    expect([201, 415]).toContain(answer.status)
    if (type !== 'application/json; charset') expectProblem(answer, 415, 'unsupported_media_type')
  })

  test.each([['application/json'], ['application/yaml'], ['application/x-yaml'], ['text/yaml']])(
    'but not of type %s, which the advice names; set-up reads only JSON',
    async (type) => {
      expect(PROBLEMS.unsupported_media_type.advice).toContain(`\`${type}\``)
      const body = '{"name":"x","type":"secret"}'
      expect((await post(body, { 'content-type': type })).status).toBe(201)
      const headers = { 'content-type': type, 'content-length': String(body.length) }
      const setUp = await send(head('POST /v1/setup HTTP/1.1', headers), body)
      if (type === 'application/json') expectProblem(setUp, 400, 'invalid_request')
      else expectProblem(setUp, 415, 'unsupported_media_type')
    },
  )

  test.each([
    ['gzip', 415],
    ['identity, gzip', 415],
    ['identity', 201],
    ['Identity', 201],
  ])('with the coding %s, unless it is none', async (coding, status) => {
    const answer = await post('{"name":"x","type":"secret"}', { 'content-encoding': coding })
    if (status === 415) expectProblem(answer, 415, 'unsupported_media_type')
    else expect(answer.status).toBe(status)
  })

  test.each([
    ['application/json; charset=utf-16', 415],
    ['application/json;charset="ISO-8859-1"', 415],
    ['application/yaml; Charset = latin1', 415],
    ['application/json; charset=', 415],
    ['application/json; charset=UTF-8', 201],
    ['application/json; a=b; charset="utf-8"', 201],
    ['application/json; charset=us-ascii', 201],
  ])('in another character set than UTF-8: %s', async (type, status) => {
    const answer = await post('{"name":"x","type":"secret"}', { 'content-type': type })
    if (status === 415) expectProblem(answer, 415, 'unsupported_media_type')
    else expect(answer.status).toBe(status)
  })

  test('with a byte order mark, which the answer names', async () => {
    const { body } = await post('\ufeff{"name":"x","type":"secret"}')
    expect(body).toContain('The body begins with a byte order mark')
  })

  test('without a type', async () => {
    const answer = await send(head(`POST ${ACME}/keys HTTP/1.1`, { 'content-length': '2' }), '{}')
    expectProblem(answer, 415, 'unsupported_media_type')
  })
})

describe('rejects a message:', () => {
  test('a body that was cut off', async () => {
    const answer = await post('{"name":"x"', { 'content-length': '500' })
    expectProblem(answer, 400, 'invalid_request')
  })

  test('a chunked body that was cut off', async () => {
    const answer = await send(
      head(`POST ${ACME}/keys HTTP/1.1`, {
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      }),
      '5\r\n{"a"',
    )
    expectProblem(answer, 400, 'invalid_request')
  })

  test.each<[string, string]>([
    [
      'two lengths',
      `POST ${ACME}/keys HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
    ],
    [
      'a length and chunks',
      `POST ${ACME}/keys HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
    ],
    [
      'a length that is none',
      `POST ${ACME}/keys HTTP/1.1\r\nhost: localhost\r\ncontent-length: two\r\n\r\n{}`,
    ],
    [
      'a broken chunk',
      `POST ${ACME}/keys HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
    ],
    ['no request line', 'hello\r\n\r\n'],
    ['a space in the path', 'GET /v1/ whoami HTTP/1.1\r\nhost: localhost\r\n\r\n'],
    ['a header without a name', 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n: x\r\n\r\n'],
    ['a header line of two', 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: 1\r\n 2\r\n\r\n'],
    ['a head that was cut off', 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n'],
    ['no host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nhost: b\r\nconnection: close\r\n\r\n'],
    ['a broken escape', 'GET /v1/organizations/%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'],
    [
      'an escape that is no UTF-8',
      'GET /v1/organizations/%ff%fe HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
    ],
  ])('%s', async (_name, message) => {
    expectProblem(await send(message), 400, 'invalid_request')
  })

  test.each([
    ['NUL', 'a%00b'],
    ['a line break', 'a%0d%0ab'],
    ['a letter past ASCII', '%C3%A9'],
  ])('%s in a path', async (_name, organization) => {
    const answer = await send(head(`GET /v1/organizations/${organization} HTTP/1.1`))
    expectProblem(answer, 400, 'invalid_request')
  })

  test.each([
    ['a body without a length', '{"name": "x"}'],
    ['bytes that are not HTTP', 'hello\r\n\r\n'],
    ['a broken request', `POST ${ACME}/keys HTTP/1.1\r\nbad header\r\n\r\n`],
    [
      'a request with a broken body',
      `POST ${ACME}/keys HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
    ],
  ])('%s after a request, whose response comes first', async (_name, rest) => {
    const { body: made } = await world.own('POST', `${ACME}/projects`, { name: 'trailed' })
    expect(made).toMatchObject({ name: 'trailed' })
    const request = `DELETE ${ACME}/projects/trailed HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n\r\n`
    const [removal = '', refusal = ''] = await sendForAll(request + rest)
    expect(removal).toMatch(/^HTTP\/1\.1 200 [^]*"receipt"/)
    expect(refusal).toMatch(/^HTTP\/1\.1 4\d\d [^]*"code":"(?:invalid_request|unauthenticated)"/)
    expect(await world.own('GET', `${ACME}/projects/trailed`)).toMatchObject({ status: 404 })
  })

  test('headers without an end', async () => {
    const answer = await send(head('GET /healthz HTTP/1.1', { 'x-long': 'x'.repeat(20_000) }))
    expectProblem(answer, 431, 'headers_too_large')
  })

  test('a path without an end', async () => {
    expectProblem(await send(head(`GET /v1/organizations/${'a'.repeat(5000)} HTTP/1.1`)), 404, 'not_found')
  })

  test('an unknown expectation', async () => {
    const answer = await post('{}', { expect: 'a miracle' })
    expectProblem(answer, 417, 'expectation_failed')
  })

  test.each([['TRACE'], ['PROPFIND'], ['OPTIONS']])('the method %s', async (method) => {
    expect((await send(head(`${method} /v1/whoami HTTP/1.1`))).status).toBe(405)
  })

  test('the method CONNECT', async () => {
    expectProblem(
      await send('CONNECT other.test:443 HTTP/1.1\r\nhost: other.test:443\r\n\r\n'),
      501,
      'method_not_supported',
    )
  })

  test('two credentials', async () => {
    const answer = await send(
      `GET /v1/whoami HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\nauthorization: ${authorization}\r\nconnection: close\r\n\r\n`,
    )
    expectProblem(answer, 401, 'unauthenticated')
  })
})

test.each([
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n'],
  ['a request that is cut off', 'POST /v1/setup HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{'],
])('%s behind a write does not take its answer', async (name, behind) => {
  const body = JSON.stringify({ name: `before ${name}`, type: 'secret' })
  const headers = {
    'content-type': 'application/json',
    'content-length': String(body.length),
    connection: 'keep-alive',
  }
  const answer = await send(head(`POST ${ACME}/keys HTTP/1.1`, headers) + body + behind)
  expect(answer.status).toBe(201)
})

test.each([
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n', 501],
  ['nonsense', 'nonsense\r\n\r\n', 400],
])(
  'the connection of a refused %s ends, although the client keeps its side open',
  async (_name, bytes, status) => {
    await using caller = await RawConnection.open(port)
    caller.send(bytes)
    expect(await caller.closed()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    await caller.refusesBytes()
  },
)

test('a request to upgrade whose body was cut off ends at once', async () => {
  const upgrade = { 'content-length': '500', connection: 'upgrade', upgrade: 'websocket' }
  expect((await post('{"name":"x"', upgrade)).status).toBe(0)
})

test('a client that has closed its sending side gets the answer to its write', async () => {
  const answer = await post('{"name":"half-closed","type":"secret"}')
  expect(answer.status).toBe(201)
  expect(answer.body).toContain('half-closed')
})

test('connections are limited, and idle ones make room for others', async () => {
  const greet = async (): Promise<string> => {
    await using connection = await RawConnection.open(port)
    connection.send('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    return await connection.until('alive').then(
      () => 'answered',
      () => 'closed',
    )
  }
  await using held = new AsyncDisposableStack()
  const open = async () => held.use(await RawConnection.open(port))
  // In parts, because more would not fit the system's queue of new connections.
  for (let count = 0; count < 2048; count += 128) await Promise.all(Array.from({ length: 128 }, open))
  expect(await greet()).toBe('closed')
  await expect.poll(greet).toBe('answered')
})

test('the server still works after all of that', async () => {
  const answer = await send(head('GET /v1/whoami HTTP/1.1'))
  expect(answer.status).toBe(200)
  expect(world.log()).not.toContain('"level":50')
})
