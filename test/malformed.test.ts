import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline, type PublishedPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

/** The wait for a response, in ms, after which the server counts as hanging. */
const RESPONSE_MS_MAX = 20_000

interface RawResponse {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends raw bytes, half-closes the connection if `thenEnd` is true, and reads until the server closes it. */
async function exchange(url: string, bytes: Buffer | string, thenEnd: boolean): Promise<RawResponse> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => undefined)
  socket.setTimeout(RESPONSE_MS_MAX, () => socket.destroy(new Error('no response')))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  if (thenEnd) socket.end(bytes)
  else socket.write(bytes)
  await closed
  const text = Buffer.concat(chunks).toString('latin1')
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') }
}

describe('malformed input gets a 4xx problem, never a 500 and never a hang', () => {
  const stack = new AsyncDisposableStack()
  let server: ServerProcess
  let acme: ApiClient
  let token: string
  let open: PublishedPipeline

  beforeAll(async () => {
    const folder = stack.use(await temporaryFolder())
    const upstream = stack.use(await startEchoUpstream())
    server = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
    acme = await setUpAcme(server)
    const created = await acme.must('POST', '/v1/organizations/acme/keys', {
      name: 'raw',
      type: 'secret',
      roles: ['owner'],
    })
    token = textAt(created, 'token')
    open = await publishPipeline(acme, 'open', `${upstream.url}/open`, { kind: 'rest' })
  })

  afterAll(async () => {
    await stack.disposeAsync()
  })

  function post(body: Buffer | string, headers = ''): Buffer {
    return Buffer.concat([
      Buffer.from(
        `POST /v1/organizations/acme/projects HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
          `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
          `${headers === '' ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : headers}\r\n`,
      ),
      Buffer.from(body),
    ])
  }

  function expectProblem(response: RawResponse, status: number, code?: string): void {
    expect(response.status, response.head).toBe(status)
    expect(response.head.toLowerCase()).toContain('content-type: application/problem+json')
    const problem = JSON.parse(response.body) as { code: string; status: number; detail: string }
    expect(problem.status).toBe(status)
    expect(problem.detail).not.toBe('')
    if (code !== undefined) expect(problem.code).toBe(code)
  }

  test.each<[string, Buffer | string]>([
    ['broken JSON', '{"name": '],
    ['an empty body', ''],
    ['a bare value', '7'],
    ['an array', '[]'],
    ['a wrong type', '{"name": 7}'],
    ['a null', '{"name": null}'],
    ['an unknown field', '{"name": "p", "colour": "red"}'],
    ['a name that is too long', JSON.stringify({ name: 'p'.repeat(10_000) })],
    ['a __proto__ key', '{"name": "p", "__proto__": {"polluted": true}}'],
    ['a constructor key', '{"name": "p", "constructor": {"prototype": {"polluted": true}}}'],
    [
      'invalid UTF-8',
      Buffer.from([0x7b, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0xff, 0x22, 0x7d]),
    ],
    ['a NUL character', '{"name": "p\\u0000q"}'],
    ['a lone surrogate', '{"name": "\\ud800"}'],
    ['JSON nested ten thousand deep', '['.repeat(10_000) + ']'.repeat(10_000)],
  ])('management API: %s', async (_, body) => {
    expectProblem(await exchange(server.controlUrl, post(body), false), 400, 'invalid_request')
  })

  test('management API: 413 for a body that is too large, and 415 for another content type', async () => {
    expectProblem(
      await exchange(server.controlUrl, post(JSON.stringify({ name: 'p'.repeat(3 * 1024 * 1024) })), false),
      413,
      'too_large',
    )
    const xml = post('<p/>').toString().replace('application/json', 'text/xml')
    expectProblem(await exchange(server.controlUrl, xml, false), 415, 'unsupported_media_type')
  })

  test.each<[string, string]>([
    ['an invalid percent-encoding', '/v1/organizations/%zz'],
    ['an invalid cursor', '/v1/organizations/acme/keys?cursor=nonsense'],
    ['a limit that is not a number', '/v1/organizations/acme/keys?limit=many'],
    ['a limit that is too high', '/v1/organizations/acme/keys?limit=201'],
    ['a limit of zero', '/v1/organizations/acme/keys?limit=0'],
  ])('management API: %s', async (_, path) => {
    const response = await acme.call('GET', path)
    expect(response).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  describe.each(['controlUrl', 'gatewayUrl'] as const)('%s', (port) => {
    test.each<[string, string, number]>([
      ['bytes that are not HTTP', 'hello\r\n\r\n', 400],
      ['a missing Host header', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
      [
        'two different content lengths',
        'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
        400,
      ],
      [
        'a content length and chunked encoding',
        'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        400,
      ],
      ['a negative content length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
      ['a header name with a space', 'GET / HTTP/1.1\r\nHost: x\r\nbad header: 1\r\n\r\n', 400],
      ['a NUL in a header value', 'GET / HTTP/1.1\r\nHost: x\r\na: b\0c\r\n\r\n', 400],
      ['headers that are too large', `GET / HTTP/1.1\r\nHost: x\r\na: ${'b'.repeat(70_000)}\r\n\r\n`, 431],
    ])('%s', async (_, text, status) => {
      expectProblem(await exchange(server[port], text, false), status)
    })
  })

  test('a truncated body is discarded, and the server keeps serving', async () => {
    await exchange(server.controlUrl, post('{"name": "half', 'Content-Length: 500\r\n'), true)
    const head = `POST ${open.path} HTTP/1.1\r\nHost: x\r\nx-api-key: ${open.token}\r\ncontent-type: application/json\r\n`
    await exchange(server.gatewayUrl, `${head}Content-Length: 500\r\n\r\n{"half"`, true)
    await exchange(server.gatewayUrl, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"hal\r\nzz`, true)
    expect(await acme.must('GET', '/v1/whoami')).toMatchObject({ organization: 'acme' })
    expect((await acme.must('GET', '/v1/organizations/acme/projects'))['items']).toHaveLength(1)
    const gateway = new ApiClient(server.gatewayUrl)
    expect(await gateway.call('GET', open.path, undefined, { 'x-api-key': open.token })).toMatchObject({
      status: 200,
    })
  })

  test.each<[string, string]>([
    ['a dot segment', '/acme/prod/../prod/open'],
    ['an encoded dot segment', '/acme/prod/%2e%2e/open'],
    ['a broken percent-encoding', '/acme/prod/open/%zz'],
    ['a backslash', '/acme/prod/..\\open'],
    ['invalid UTF-8', '/acme/prod/%ff%fe'],
  ])('gateway: a path with %s', async (_, path) => {
    const response = await exchange(
      server.gatewayUrl,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: ${open.token}\r\n\r\n`,
      false,
    )
    expectProblem(response, 400, 'invalid_request')
  })
})
