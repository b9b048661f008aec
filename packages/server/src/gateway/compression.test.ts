import { once } from 'node:events'
import { createServer, request as send, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliDecompressSync, createGunzip, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { COMPRESSION_TYPES_DEFAULT, type CompressionRules, type Step } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'

const RULES: CompressionRules = { minBytes: 100, contentTypes: COMPRESSION_TYPES_DEFAULT }
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(100)
const JSON_TEXT = JSON.stringify({ text: TEXT })
const key = makeKey()
const other = makeKey()

/** What the upstream sends to each path. */
const answers: Record<string, RequestListener> = {
  '/json': (_, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': JSON_TEXT.length,
      etag: '"one"',
      'accept-ranges': 'bytes',
    })
    response.end(JSON_TEXT)
  },
  '/chunks': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', vary: 'Accept', etag: 'W/"two"' })
    response.write(TEXT)
    response.end(TEXT)
  },
  '/small': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('hi'),
  '/image': typed('image/png'),
  '/icon': typed('image/svg+xml'),
  '/hal': typed('application/hal+json'),
  '/events': typed('text/event-stream'),
  '/two-types': (_, response) =>
    response.writeHead(200, ['content-type', 'text/plain', 'Content-Type', 'text/html']).end(TEXT),
  '/no-type': (_, response) => response.end(TEXT),
  '/encoded': typed('text/plain', { 'content-encoding': 'gzip' }),
  '/no-transform': typed('text/plain', { 'cache-control': 'public, no-transform' }),
  '/digest': typed('text/plain', { 'repr-digest': 'sha-256=:AAAA:' }),
  '/partial': (_, response) =>
    response.writeHead(206, { 'content-type': 'text/plain', 'content-range': 'bytes 0-9/99' }).end(TEXT),
  '/empty': (_, response) => response.writeHead(204, { 'content-type': 'text/plain' }).end(),
  '/unchanged': (_, response) => response.writeHead(304, { etag: '"one"' }).end(),
  '/failed': (_, response) => response.writeHead(500, { 'content-type': 'text/plain' }).end(TEXT),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.write(TEXT, () => response.destroy())
  },
}

function typed(type: string, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => response.writeHead(200, { 'content-type': type, ...headers }).end(TEXT)
}

const server = createServer((request, response) => {
  const answer = answers[request.url ?? '']
  if (answer === undefined) response.writeHead(404).end()
  else answer(request, response)
})
let origin = ''
let started: StartedGateway

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const trigger = { paths: ['/up/*'], methods: ['GET', 'HEAD'], authentication: OPEN }
  started = await startWith([
    ...ACME,
    key.record,
    other.record,
    deployment({ ...trigger, compression: RULES }, proxyTo(`${origin}/{*}`), { pipeline: 'up' }),
    deployment({ ...trigger, paths: ['/plain/*'] }, proxyTo(`${origin}/{*}`), { pipeline: 'plain' }),
    rendered('respond', [{ kind: 'respond', status: 200, headers: { etag: '"x"' }, body: { text: TEXT } }]),
    rendered('steps', [{ kind: 'transform', body: JSON.stringify(TEXT), headers: {}, status: null }]),
    deployment({ paths: ['/keyed/*'], compression: RULES }, proxyTo(`${origin}/{*}`), { pipeline: 'keyed' }),
  ])
})
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  server.closeAllConnections()
  server.close()
})

function rendered(pipeline: string, steps: readonly Step[]) {
  return deployment({ paths: [`/${pipeline}`], authentication: OPEN, compression: RULES }, steps, {
    pipeline,
  })
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

async function get(
  path: string,
  accept?: string,
  more: { readonly method?: string; readonly [name: string]: string | undefined } = {},
): Promise<Answer> {
  const { method = 'GET', ...headers } = more
  const sent = { ...headers, ...(accept === undefined ? {} : { 'accept-encoding': accept }) }
  const request = send(`${started.url}/acme/prod${path}`, { method, headers: sent }).end()
  const [response] = await once(request, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
}

describe('A response is compressed', () => {
  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip, deflate, br, zstd', 'zstd', zstdDecompressSync],
    ['X-GZIP', 'gzip', gunzipSync],
    ['*', 'zstd', zstdDecompressSync],
    ['br;q=0, zstd;q=0, *', 'gzip', gunzipSync],
    ['gzip;q=0.9, br;q=0.800, zstd;q=0.1', 'gzip', gunzipSync],
    ['identity;q=0.5, gzip ; q=0.5', 'gzip', gunzipSync],
  ])('with %s: %s', async (accept, coding, decode) => {
    for (const [path, text] of [
      ['/up/json', JSON_TEXT],
      ['/up/chunks', TEXT + TEXT],
      ['/respond', JSON_TEXT],
      ['/steps', JSON.stringify(TEXT)],
    ] as const) {
      const { headers, body } = await get(path, accept)
      expect([path, headers['content-encoding'], headers['content-length']]).toEqual([
        path,
        coding,
        undefined,
      ])
      expect(headers.vary?.toLowerCase()).toContain('accept-encoding')
      expect(body.length).toBeLessThan(1000)
      expect(decode(body).toString()).toBe(text)
    }
  })

  test.each([
    ['gzip;q=0'],
    ['identity, gzip;q=0.5'],
    ['deflate, compress'],
    [''],
    ['gzip;q=2'],
    ['gzip;q=1;q=0'],
    ['g\u00a0zip'],
    [`${' '.repeat(1025)}gzip`.replace(' ', 'a,')],
    [undefined],
  ])('not with %j, which its Vary says', async (accept) => {
    const { headers, body } = await get('/up/json', accept)
    expect(headers).toMatchObject({ vary: 'Accept-Encoding', etag: '"one"', 'accept-ranges': 'bytes' })
    expect(headers['content-encoding']).toBeUndefined()
    expect(body.toString()).toBe(JSON_TEXT)
  })

  test('of a type with the suffix of JSON or XML, and of an error', async () => {
    for (const path of ['icon', 'hal', 'failed']) {
      expect((await get(`/up/${path}`, 'gzip')).headers['content-encoding']).toBe('gzip')
    }
  })

  test.each([
    'small',
    'image',
    'events',
    'two-types',
    'no-type',
    'no-transform',
    'digest',
    'partial',
    'empty',
  ])('not if it is %s', async (path) => {
    const { headers } = await get(`/up/${path}`, 'gzip')
    expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined])
  })

  test('once', async () => {
    const { headers, body } = await get('/up/encoded', 'gzip, br')
    expect([headers['content-encoding'], headers.vary, body.toString()]).toEqual(['gzip', undefined, TEXT])
  })

  test('not unless its pipeline says so, and not if the caller forbids changes', async () => {
    const plain = await get('/plain/json', 'gzip')
    expect([plain.headers['content-encoding'], plain.headers.vary]).toEqual([undefined, undefined])
    const forbidden = await get('/up/json', 'gzip', { 'cache-control': 'no-transform' })
    expect(forbidden.headers['content-encoding']).toBeUndefined()
  })

  test('with a weak tag, and without ranges', async () => {
    const { headers } = await get('/up/json', 'gzip')
    expect([headers.etag, headers['accept-ranges']]).toEqual(['W/"one"', undefined])
    expect((await get('/up/chunks', 'gzip')).headers.etag).toBe('W/"two"')
  })

  test('and HEAD says the same as GET', async () => {
    for (const path of ['/up/json', '/up/small', '/respond']) {
      const [got, head] = [await get(path, 'br'), await get(path, 'br', { method: 'HEAD' })]
      for (const name of ['content-encoding', 'etag', 'vary', 'content-length', 'content-type']) {
        expect([path, name, head.headers[name]]).toEqual([path, name, got.headers[name]])
      }
      expect(head.body).toHaveLength(0)
    }
  })

  test('and a 304 confirms the tag that the caller has', async () => {
    const tagOf = async (sent: string) =>
      (await get('/up/unchanged', 'gzip', { 'if-none-match': sent })).headers
    expect(await tagOf('W/"one"')).toMatchObject({ etag: 'W/"one"', vary: 'Accept-Encoding' })
    expect(await tagOf('"one"')).toMatchObject({ etag: '"one"' })
  })

  test('not for HTTP/1.0, where a cut would not show', async () => {
    const text = await RawConnection.exchange(
      started.gateway.port,
      'GET /acme/prod/up/chunks HTTP/1.0\r\naccept-encoding: gzip\r\n\r\n',
    )
    expect(text).toContain('brown fox')
  })
})

describe('While it is compressed', () => {
  test('what the upstream has sent arrives, also before its end', async () => {
    const { promise: finish, resolve } = Promise.withResolvers<undefined>()
    answers['/slow'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('{"n":1}\n')
      void finish.then(() => response.end('{"n":2}\n'))
    }
    const request = send(`${started.url}/acme/prod/up/slow`, { headers: { 'accept-encoding': 'gzip' } }).end()
    const [response] = await once(request, 'response')
    const lines = response.pipe(createGunzip()).setEncoding('utf8')
    expect(await once(lines, 'data')).toEqual(['{"n":1}\n'])
    resolve(undefined)
    expect(await once(lines, 'data')).toEqual(['{"n":2}\n'])
  })

  test('a response that its upstream cuts does not look complete', async () => {
    const text = await RawConnection.exchange(
      started.gateway.port,
      'GET /acme/prod/up/cut HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n',
    )
    expect(text).not.toContain('\r\n0\r\n')
  })

  test('a caller that does not read stops the upstream', async () => {
    let sentBytes = 0
    let isFull: (() => void) | undefined
    const noise = Buffer.alloc(64 * 1024)
    answers['/endless'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const write = (): void => {
        for (;;) {
          crypto.getRandomValues(noise)
          sentBytes += noise.length
          if (!response.write(Buffer.from(noise))) break
        }
        isFull?.()
      }
      response.on('drain', write)
      write()
    }
    await using caller = await RawConnection.open(started.gateway.port)
    caller.socket.pause()
    caller.send('GET /acme/prod/up/endless HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n')
    // All buffers are full once the upstream's response has not drained for 300 ms.
    let isQuiet = false
    while (!isQuiet) {
      isQuiet = await new Promise<boolean>((done) => {
        const timer = setTimeout(() => done(true), 300)
        isFull = () => {
          clearTimeout(timer)
          done(false)
        }
      })
    }
    expect(sentBytes).toBeGreaterThan(0)
    expect(sentBytes).toBeLessThan(40 * 1024 * 1024)
  })

  test('a revoked key cuts it', async () => {
    answers['/open'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.write(TEXT)
    }
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(
      `GET /acme/prod/keyed/open HTTP/1.1\r\nhost: a\r\nx-api-key: ${key.token}\r\naccept-encoding: gzip\r\n\r\n`,
    )
    await caller.until('content-encoding: gzip')
    expect(await started.registry.metrics()).toMatch(/gateway_compressions 1\n/)
    started.apply([{ ...key.record, active: false }])
    expect(await caller.closed()).not.toContain('\r\n0\r\n')
    // Neither this one nor those that were cut or never read keep a place.
    await expect.poll(() => started.registry.metrics()).toMatch(/gateway_compressions 0\n/)
  })

  test('no more than its share of the bodies, and the others are sent as they are', async () => {
    const open = []
    const codings: (string | undefined)[] = []
    const headers = { 'accept-encoding': 'gzip', 'x-api-key': other.token }
    for (let count = 0; count < 64; count += 1) {
      const request = send(`${started.url}/acme/prod/keyed/open`, { headers }).on('error', () => undefined)
      const [response] = await once(request.end(), 'response')
      codings.push(response.headers['content-encoding'])
      open.push(request)
    }
    const compressed = codings.filter((coding) => coding === 'gzip')
    expect(compressed.length).toBeGreaterThan(30)
    expect(compressed.length).toBeLessThan(48)
    for (const request of open) request.socket?.resetAndDestroy()
    await expect.poll(() => started.registry.metrics()).toMatch(/gateway_compressions 0\n/)
  })
})
