import { once } from 'node:events'
import { createServer as createNetServer, type AddressInfo, type Socket } from 'node:net'
import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { RawConnection } from '../testing/raw-connection.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from '../testing/started-gateway.ts'
import { startEchoUpstream, startUpstream } from '../../../../../test/support/upstream.ts'
import type { ProxyStep, Trigger } from '@sallyport/core'

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

/** A gateway with one open pipeline for an upstream. */
async function inFront(
  upstreamUrl: string,
  trigger: Partial<Trigger> = {},
  step: Partial<ProxyStep> = {},
): Promise<StartedGateway> {
  const started = await startWith([
    ...ACME,
    deployment(
      { paths: ['/up'], authentication: OPEN, methods: ['GET', 'POST', 'PUT', 'DELETE'], ...trigger },
      proxyTo(upstreamUrl, step),
    ),
  ])
  opened.push(started)
  return started
}

/** An upstream that sends raw bytes. */
async function rawUpstream(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createNetServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    onConnection(socket)
  })
  const sockets = new Set<Socket>()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function echo(): Promise<string> {
  const upstream = await startEchoUpstream()
  opened.push(upstream)
  return upstream.url
}

/** How many requests failed for a reason. */
async function countOf(started: StartedGateway, errorType: string): Promise<number> {
  const text = await started.registry.metrics()
  return Number(new RegExp(`_count\\{.*error_type="${errorType}".*} (\\d+)`).exec(text)?.[1] ?? 0)
}

interface Echoed {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends one raw request and returns what the echoing upstream received. */
async function echoed(started: StartedGateway, bytes: string): Promise<Echoed> {
  const text = await RawConnection.exchange(started.gateway.port, bytes)
  // The body may be chunked.
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Echoed
}

const GET = 'GET /acme/prod/up HTTP/1.1\r\nHost: api\r\nConnection: close\r\n'
const POST = 'POST /acme/prod/up HTTP/1.1\r\nHost: api\r\n'

describe('The upstream receives', () => {
  test("the end-to-end request and the caller's identity", async () => {
    const started = await inFront(`${await echo()}/base?fixed=1`, {}, { headers: { 'X-Own': 'ours' } })
    const got = await echoed(
      started,
      'PUT /acme/prod/up?b=2&b=%zz&c HTTP/1.1\r\nHost: api\r\nConnection: close\r\nX-Own: theirs\r\n' +
        'Cookie: a=b\r\nX-Twice: 1\r\nX-Twice: 2\r\nContent-Length: 5\r\n\r\nhello',
    )
    expect(got).toMatchObject({ method: 'PUT', url: '/base?fixed=1&b=2&b=%zz&c', body: 'hello' })
    expect(got.headers).toMatchObject({
      cookie: 'a=b',
      'x-twice': '1, 2',
      'x-own': 'ours',
      'content-length': '5',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'api',
      via: '1.1 sallyport',
      'x-sallyport-organization': 'acme',
      'x-sallyport-environment': 'prod',
      'x-sallyport-pipeline': 'orders',
      'x-sallyport-consumer': '-',
      'x-sallyport-key': '-',
      'x-sallyport-claims': '-',
      'x-sallyport-labels': '-',
    })
    expect(got.headers['host']).toMatch(/^127\.0\.0\.1:/)
  })

  test('no credentials, no forged identity, and no connection headers', async () => {
    const started = await inFront(await echo())
    const dropped = [
      'Authorization: Bearer x',
      'apikey: k',
      'X-Api-Key: k',
      'X-Api-Appkey: k',
      'X-Api-Apptoken: k',
      'X_Api_Key: k',
      'X-Sallyport-Organization: evil',
      'x-SALLYPORT-key: evil',
      'X_Sallyport_Consumer: evil',
      'X-Sallyport_Claims: evil',
      'X-Sallyport-Anything: evil',
      'X-Forwarded-For: 1.2.3.4',
      'X_Forwarded_For: 1.2.3.4',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: evil',
      'X-Forwarded-Prefix: /evil',
      'Forwarded: for=1.2.3.4',
      'X-Real-IP: 1.2.3.4',
      'X-Original-URL: /admin',
      'X-Rewrite-URL: /admin',
      'X-HTTP-Method-Override: DELETE',
      'X_Method_Override: DELETE',
      'X-Forwarded-User: evil',
      'X-Forwarded-Client-Cert: evil',
      'True-Client-IP: 1.2.3.4',
      'Trailer: X-Sum',
      'TE: trailers',
      'Keep-Alive: timeout=1',
      'Proxy-Authorization: Basic x',
      'Proxy-Connection: keep-alive',
      'X-Hop: 1',
    ]
    const bytes = `GET /acme/prod/up HTTP/1.1\r\nHost: api\r\nConnection: close, X-Hop, Host, X-Sallyport-Key\r\n${dropped.join('\r\n')}\r\n\r\n`
    const text = JSON.stringify((await echoed(started, bytes)).headers)
    expect(text).not.toMatch(
      /evil|DELETE|X-Sum|1\.2\.3\.4|Bearer|Basic|admin|x-hop|x_|"te"|keep-alive:|proxy-|apikey|"k"/,
    )
    expect(text).toContain('"x-sallyport-key":"-"')
  })

  test('no key in the query', async () => {
    const key = makeKey()
    const upstream = await echo()
    await using started = await startWith([
      ...ACME,
      key.record,
      deployment({ apiKeyInQuery: true }, proxyTo(upstream)),
    ])
    const answer = await fetch(`${started.url}/acme/prod/orders?a=1&api%6Bey=${key.token}&b=2`)
    const got = (await answer.json()) as Echoed
    expect(got.url).toBe('/?a=1&b=2')
    expect(JSON.stringify(got)).not.toContain(key.token)
    expect(got.headers['x-sallyport-key']).toBe(key.record.id)
  })

  test('the path of the template, with an encoded slash kept in its segment', async () => {
    const upstream = await echo()
    const trigger = { paths: ['/up/:id/f/*'], encodedSlashes: 'allow' } as const
    const started = await inFront(`${upstream}/o/{id}/x/{*}?id={id}`, trigger)
    const got = await fetch(`${started.url}/acme/prod/up/a%2Fb:c/f/d%2Fe/g@h?x=y`)
    expect(((await got.json()) as Echoed).url).toBe('/o/a%2Fb:c/x/d%2Fe/g@h?id=a%2Fb%3Ac&x=y')
  })

  test("a trusted proxy's description of the client", async () => {
    const upstream = await echo()
    await using started = await startWith(
      [...ACME, deployment({ authentication: OPEN }, proxyTo(upstream))],
      { config: { trustedProxies: ['127.0.0.1'] } },
    )
    const answer = await fetch(`${started.url}/acme/prod/orders`, {
      headers: { 'x-forwarded-for': '198.51.100.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'pub' },
    })
    expect(((await answer.json()) as Echoed).headers).toMatchObject({
      'x-forwarded-for': '198.51.100.9, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'pub',
    })
  })

  test('a chunked body for a chunked body', async () => {
    const started = await inFront(await echo())
    const bytes = `${POST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n`
    const got = await echoed(started, bytes)
    expect([got.body, got.headers['transfer-encoding'], got.headers['content-length']]).toEqual([
      'abcde',
      'chunked',
      undefined,
    ])
  })
})

describe('The response to the caller', () => {
  test('has all end-to-end headers of the upstream, including repeated ones', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 299 Odd\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Hop: 1\r\nConnection: keep-alive, x-hop\r\n' +
            'Keep-Alive: timeout=9\r\nX-Request-Id: theirs\r\nX-Team: theirs\r\nContent-Length: 2\r\n\r\nok',
        ),
      )
    })
    const started = await inFront(upstream, { responseHeaders: { 'X-Team': 'ours' } })
    const text = await RawConnection.exchange(started.gateway.port, `${GET}\r\n`)
    expect(text).toMatch(/^HTTP\/1.1 299 /)
    expect(text).toContain('Set-Cookie: a=1; Path=/acme/prod\r\nset-cookie: b=2; Path=/acme/prod\r\n')
    expect(text).toContain('X-Team: ours\r\n')
    expect(text).not.toMatch(/x-hop|theirs|timeout=9/i)
    expect(text).toContain('Content-Length: 2\r\n')
    expect(text.endsWith('\r\n\r\nok')).toBe(true)
  })

  test('to HEAD has the length without the body; 204 and 304 have neither', async () => {
    const upstream = await startUpstream((request, response) => {
      const status = Number(request.url?.slice(1))
      response.writeHead(status, status === 200 ? { 'content-length': '7' } : { etag: 'x' })
      response.end(status === 200 ? 'content' : undefined)
    })
    opened.push(upstream)
    const started = await inFront(`${upstream.url}/{status}`, { paths: ['/up/:status'] })
    const raw = (method: string, status: number): Promise<string> =>
      RawConnection.exchange(
        started.gateway.port,
        `${method} /acme/prod/up/${status} HTTP/1.1\r\nHost: api\r\nIf-None-Match: x\r\nConnection: close\r\n\r\n`,
      )
    const head = await raw('HEAD', 200)
    expect(head).toContain('content-length: 7\r\n')
    expect(head.endsWith('\r\n\r\n')).toBe(true)
    for (const status of [204, 304]) {
      const text = await raw('GET', status)
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(text).not.toMatch(/content-length|transfer-encoding/i)
      expect(text.endsWith('\r\n\r\n')).toBe(true)
    }
  })

  test.each<[string, string, Partial<ProxyStep>, number]>([
    ['GET with a tag', 'GET|If-None-Match: "a"', {}, 304],
    ['GET with a date', 'GET|If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT', {}, 304],
    ['HEAD with a tag', 'HEAD|if-none-match: *', {}, 304],
    ['GET without a condition', 'GET|X-If-None-Match: "a"', {}, 502],
    ['GET with a condition of another kind', 'GET|If-Match: "a"', {}, 502],
    ['HEAD without a condition', 'HEAD|X-A: b', {}, 502],
    ['POST with a tag', 'POST|Content-Length: 0\r\nIf-None-Match: "a"', {}, 502],
    [
      'GET with a tag that the step keeps',
      'GET|If-None-Match: "a"',
      { headers: { 'If-None-Match': null } },
      502,
    ],
    ['GET with a tag of the step alone', 'GET|X-A: b', { headers: { 'If-None-Match': '"a"' } }, 502],
  ])('has the status 304 only to a conditional request: %s', async (_, sent, step, status) => {
    const url = await rawUpstream((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')),
    )
    const started = await inFront(url, { methods: ['GET', 'HEAD', 'POST'] }, step)
    const [method = '', header = ''] = sent.split('|')
    const text = await RawConnection.exchange(
      started.gateway.port,
      `${method} /acme/prod/up HTTP/1.1\r\nHost: api\r\n${header}\r\nConnection: close\r\n\r\n`,
    )
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(started.log.some((line) => line.includes('without a condition'))).toBe(status === 502)
  })

  // Small bodies, large bodies, and bodies without a length use different code.
  test.each([0, 1, 256, 8191, 8192, 8193, 100_000])('keeps each of %i bytes', async (length) => {
    const body = Buffer.alloc(length, Buffer.from(Array.from({ length: 256 }, (_, value) => value)))
    const upstream = await startUpstream((request, response) => {
      response.writeHead(200, request.url === '/sized' ? { 'content-length': String(length) } : {})
      response.end(body)
    })
    opened.push(upstream)
    for (const path of ['/sized', '/chunked']) {
      const started = await inFront(upstream.url + path)
      const got = await fetch(`${started.gateway.url}/acme/prod/up`)
      expect(Buffer.from(await got.arrayBuffer()).equals(body)).toBe(true)
    }
  })

  test("has the upstream's trailers", async () => {
    const upstream = await rawUpstream((socket) => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=b\r\n\r\n',
        ),
      )
    })
    const started = await inFront(upstream)
    const text = await RawConnection.exchange(started.gateway.port, `${GET}\r\n`)
    expect(text).toMatch(/2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n$/)
  })

  test('announces no trailers when it cannot have any', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.on('data', (chunk: Buffer) => {
        const isHead = chunk.toString('latin1').startsWith('HEAD')
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n')
        if (!isHead) socket.write('2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n')
      })
    })
    const started = await inFront(upstream)
    for (const line of ['HEAD /acme/prod/up HTTP/1.1', 'GET /acme/prod/up HTTP/1.0']) {
      const bytes = `${line}\r\nHost: api\r\nConnection: close\r\n\r\n`
      const text = await RawConnection.exchange(started.gateway.port, bytes)
      expect(text).toMatch(/^HTTP\/1.1 200 /)
      expect(text).not.toMatch(/trailer|x-sum/i)
    }
  })

  describe('on a host that environments share', () => {
    const OF_ORIGIN =
      'HTTP/1.1 200 OK\r\nService-Worker-Allowed: /\r\nClear-Site-Data: "*"\r\nSet-Cookie: a=1; Path=/\r\n' +
      'X_Sallyport_Key: theirs\r\nX-Sallyport-Code: theirs\r\nContent-Length: 2\r\n\r\nok'

    async function answer(
      host: string,
      path: string,
      bytes = OF_ORIGIN,
      trigger: Partial<Trigger> = {},
    ): Promise<string> {
      const upstream = await rawUpstream((socket) => {
        socket.once('data', () => socket.write(bytes))
      })
      const hosts = new Map([['own.example', { organization: 'acme', environment: 'prod' }]])
      const records = [...ACME, deployment({ authentication: OPEN, ...trigger }, proxyTo(upstream))]
      await using started = await startWith(records, { config: { hosts } })
      return await RawConnection.exchange(
        started.gateway.port,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
    }

    test('changes nothing of the origin', async () => {
      const text = await answer('shared.example', '/acme/prod/orders')
      expect(text).toContain('Set-Cookie: a=1; Path=/acme/prod\r\n')
      expect(text).not.toMatch(/service-worker|clear-site|sallyport/i)
    })

    test.each([
      ['shared.example', '/acme/prod/orders', ['X-Sum: 7']],
      ['own.example', '/orders', ['X-Sum: 7', 'Clear-Site-Data: "*"']],
    ])('has no trailer that could not be a header: %s', async (host, path, kept) => {
      const text = await answer(
        host,
        path,
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nClear-Site-Data: "*"\r\n' +
          'X-Request-Id: theirs\r\nX-Sallyport-Key: theirs\r\nAccess-Control-Allow-Origin: *\r\nX-Team: theirs\r\n\r\n',
        {
          cors: { origins: ['*'], headers: [], credentials: false },
          responseHeaders: { 'x-team': 'ours' },
        },
      )
      const end = text.slice(text.indexOf('ok\r\n0\r\n') + 'ok\r\n0\r\n'.length)
      expect(end.split('\r\n').filter((line) => line !== '')).toEqual(kept)
    })

    test('may do so on a host of its own', async () => {
      const text = await answer('own.example', '/orders')
      expect(text).toContain('Set-Cookie: a=1; Path=/\r\n')
      expect(text).toMatch(/Service-Worker-Allowed: [^]*Clear-Site-Data: /)
      expect(text).not.toMatch(/sallyport/i)
    })
  })

  test('follows the interim responses, without what is not theirs', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.on('data', () =>
        socket.write(
          'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-Hop: 1\r\nConnection: x-hop\r\n' +
            'Set-Cookie: a=1\r\nX-Sallyport-Key: theirs\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n' +
            'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
        ),
      )
    })
    const started = await inFront(upstream)
    const text = await RawConnection.exchange(started.gateway.port, `${GET}\r\n`)
    expect(text).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 200 /,
    )
    const old = await RawConnection.exchange(
      started.gateway.port,
      `${GET.replace('HTTP/1.1', 'HTTP/1.0')}\r\n`,
    )
    expect(old).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('follows "100 Continue" that the upstream was not asked for, which is not passed on', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
        socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const started = await inFront(upstream)
    await using caller = await RawConnection.open(started.gateway.port)
    // The connection to the upstream is used again.
    const get = GET.replace('Connection: close\r\n', '')
    caller.send(`${get}\r\n${GET}\r\n`)
    const text = await caller.closed()
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(
      ['103', '200', '103', '200'].map((status) => `HTTP/1.1 ${status}`),
    )
    expect(text).not.toContain('X-A')
  })

  test.each(['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'])(
    'is not taken from bytes behind the response before it: %j',
    async (behind) => {
      const upstream = await rawUpstream((socket) => {
        socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${behind}`))
      })
      const started = await inFront(upstream)
      for (const _ of [1, 2, 3]) {
        expect(await (await fetch(`${started.url}/acme/prod/up`)).text()).toBe('ok')
      }
    },
  )

  test('follows a bounded number of interim responses', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.once('data', () =>
        socket.write(
          `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`,
        ),
      )
    })
    const started = await inFront(upstream)
    const text = await RawConnection.exchange(started.gateway.port, `${GET}\r\n`)
    expect(text.match(/ 102 /g)).toHaveLength(16)
    expect(text).toContain('HTTP/1.1 200 OK')
  })

  test('has each event immediately, and only idle time ends the stream', async () => {
    let send: (text: string) => void = () => undefined
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      response.flushHeaders()
      send = (text) => response.write(text)
    })
    opened.push(upstream)
    // This test measures time. The steps leave a busy machine more than a second.
    const started = await inFront(upstream.url, { timeoutMs: 1500 })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${GET}\r\n`)
    const beganMs = performance.now()
    await caller.until('\r\n\r\n')
    for (let count = 0; performance.now() - beganMs < 2500; count += 1) {
      send(`data: ${count}\n\n`)
      await caller.until(`data: ${count}\n\n`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const text = await caller.closed()
    // The stream was cut, not ended: the last chunk is missing.
    expect(text.endsWith('0\r\n\r\n')).toBe(false)
  })
})

test('The end of the gateway is no failure of an upstream that is still sending', async () => {
  await using upstream = await startUpstream((_request, response) => void response.write('first'))
  const started = await startWith([...ACME, deployment({ authentication: OPEN }, proxyTo(upstream.url))])
  const answer = await fetch(`${started.url}/acme/prod/orders`)
  const reader = answer.body?.getReader()
  await reader?.read()
  await started[Symbol.asyncDispose]()
  await expect(reader?.read()).rejects.toThrow('terminated')
  expect(started.log.join('')).not.toContain('upstream failed')
})

describe('A failing upstream', () => {
  test.each([
    ['refuses', 'http://127.0.0.1:1/', '502', 'upstream_failed'],
    ['has no address', 'http://no-such-host.invalid/', '502', 'upstream_failed'],
    ['is on a private address', 'http://10.255.255.1/', '502', 'upstream_failed'],
    ['has a name for a private address', 'http://localhost:1/', '502', 'upstream_failed'],
  ])('that %s', async (_, url, status, code) => {
    await using started = await startWith(
      [...ACME, deployment({ authentication: OPEN }, proxyTo(url))],
      url.includes('127.0.0.1') ? {} : { config: { upstreamAllow: [] } },
    )
    const answer = await fetch(`${started.url}/acme/prod/orders`)
    expect([String(answer.status), answer.headers.get('x-sallyport-code')]).toEqual([status, code])
    expect(await answer.text()).not.toMatch(/10\.255|localhost|127\.0/)
    expect(started.log.join('')).toContain('upstream failed')
  })

  test.each(['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'])(
    'at %s is not reached unless it is listed',
    async (host) => {
      const upstream = await startEchoUpstream()
      opened.push(upstream)
      const url = `http://${host}:${upstream.port}/`
      const statusWith = async (upstreamAllow: string[]): Promise<number> => {
        await using started = await startWith([...ACME, deployment({ authentication: OPEN }, proxyTo(url))], {
          config: { upstreamAllow },
        })
        return (await fetch(`${started.url}/acme/prod/orders`)).status
      }
      expect(await statusWith(['10.0.0.0/8'])).toBe(502)
      expect(await statusWith(['127.0.0.0/8'])).toBe(200)
    },
  )

  test('that redirects is not followed: the caller gets the redirect', async () => {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' })
      response.end()
    })
    opened.push(upstream)
    const started = await inFront(upstream.url)
    expect((await fetch(`${started.url}/acme/prod/up`, { redirect: 'manual' })).status).toBe(302)
  })

  test.each([
    ['closes the connection', ''],
    ['does not speak HTTP', 'SSH-2.0-OpenSSH_9\r\n'],
    ['says its length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    [
      'upgrades without a request to do so',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ],
    ['puts a line break in a header', 'HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n'],
  ])('that %s before its response gives 502', async (_, bytes) => {
    const upstream = await rawUpstream((socket) => {
      socket.once('data', () => socket.end(bytes))
    })
    const started = await inFront(upstream)
    const answer = await fetch(`${started.url}/acme/prod/up`, { method: 'POST', body: 'x' })
    expect(answer.status).toBe(502)
  })

  test.each([
    ['of a known length', 'Content-Length: 100\r\n\r\npart'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ])('in the middle of a response %s cuts the connection', async (_, rest) => {
    const upstream = await rawUpstream((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\n${rest}`)
        setTimeout(() => socket.resetAndDestroy(), 50)
      })
    })
    const started = await inFront(upstream)
    const text = await RawConnection.exchange(started.gateway.port, `${GET}\r\n`)
    expect(text).toContain('part')
    expect(text).not.toContain('0\r\n\r\n')
  })

  describe.each([
    ['HTTP/1.1 200 OK\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n'],
    ['HTTP/1.0 200 OK\r\n\r\n'],
  ])('whose response ends with its connection (%j)', (head) => {
    /** @returns everything that the caller received, and whether its connection was reset */
    async function received(end: (socket: Socket) => void, version: string): Promise<[string, boolean]> {
      const sockets: Socket[] = []
      const upstream = await rawUpstream((socket) => {
        sockets.push(socket)
        socket.once('data', () => socket.write(`${head}part`))
      })
      const started = await inFront(upstream)
      await using caller = await RawConnection.open(started.gateway.port)
      let isReset = false
      caller.socket.on('error', () => (isReset = true))
      caller.send(`GET /acme/prod/up ${version}\r\nHost: api\r\n\r\n`)
      await caller.until('part')
      const [socket] = sockets
      if (socket !== undefined) end(socket)
      // The last chunk, or the end of the connection.
      const text = await caller.until('0\r\n\r\n').catch(() => caller.text)
      return [text, isReset]
    }

    test('is complete when the upstream ends its connection', async () => {
      const [chunked] = await received((socket) => socket.end(), 'HTTP/1.1')
      expect(chunked).toMatch(/part\r\n0\r\n\r\n$/)
      const [text, isReset] = await received((socket) => socket.end(), 'HTTP/1.0')
      expect([text.endsWith('part'), isReset]).toEqual([true, false])
    })

    test('is cut when the upstream resets its connection', async () => {
      const [chunked] = await received((socket) => socket.resetAndDestroy(), 'HTTP/1.1')
      expect(chunked).toMatch(/part\r\n$/)
      const [text, isReset] = await received((socket) => socket.resetAndDestroy(), 'HTTP/1.0')
      expect([text.endsWith('part'), isReset]).toEqual([true, true])
    })
  })

  test.each(['000', '099', '600', '999', '1000', '20', '-200', '2000'])(
    'with the status %s gives 502',
    async (status) => {
      const upstream = await rawUpstream((socket) => {
        socket.once('data', () => socket.end(`HTTP/1.1 ${status} Odd\r\nContent-Length: 2\r\n\r\nok`))
      })
      const started = await inFront(upstream)
      const answer = await fetch(`${started.url}/acme/prod/up`, { method: 'POST', body: 'x' })
      expect([answer.status, answer.headers.get('x-sallyport-code')]).toEqual([502, 'upstream_failed'])
    },
  )

  test.each([
    'gzip, chunked',
    'gzip',
    'chunked, gzip',
    'identity',
    'xchunked',
    'chunked, chunked',
    'chunked\r\nTransfer-Encoding: chunked',
    'gzip\r\nTransfer-Encoding: chunked',
    '',
  ])('in the transfer coding "%s", which nothing here decodes, gives 502', async (coding) => {
    const upstream = await rawUpstream((socket) => {
      socket.once('data', () =>
        socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
      )
    })
    const started = await inFront(upstream)
    const answer = await fetch(`${started.url}/acme/prod/up`)
    expect([answer.status, answer.headers.get('x-sallyport-code')]).toEqual([502, 'upstream_failed'])
  })

  test.each(['200', '299', '404', '599'])('with the status %s is answered', async (status) => {
    const upstream = await rawUpstream((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.1 ${status} Odd\r\nContent-Length: 2\r\n\r\nok`))
    })
    const started = await inFront(upstream)
    expect((await fetch(`${started.url}/acme/prod/up`)).status).toBe(Number(status))
  })

  test('on a dead pooled connection is called again, once, for idempotent requests', async () => {
    let connections = 0
    const upstream = await rawUpstream((socket) => {
      connections += 1
      const isFirst = connections === 1
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        // The upstream keeps the first connection open, and drops it on its second request.
        if (isFirst) socket.once('data', () => socket.resetAndDestroy())
      })
    })
    const started = await inFront(upstream)
    const status = async (method: string): Promise<number> =>
      (await fetch(`${started.url}/acme/prod/up`, { method })).status
    expect(await status('GET')).toBe(200)
    expect(await status('GET')).toBe(200)
    expect(connections).toBe(2)
  })

  test('that is slow gives 504 and is aborted', async () => {
    let isGone = false
    const upstream = await rawUpstream((socket) => {
      socket.on('data', () => undefined)
      socket.on('close', () => (isGone = true))
      socket.on('end', () => socket.end())
    })
    const started = await inFront(upstream, { timeoutMs: 100 })
    const answer = await fetch(`${started.url}/acme/prod/up`)
    expect([answer.status, answer.headers.get('x-sallyport-code')]).toEqual([504, 'upstream_timeout'])
    await expect.poll(() => isGone).toBe(true)
  })

  test("is bounded by the step's timeout if that is shorter", async () => {
    const upstream = await rawUpstream((socket) => socket.on('data', () => undefined))
    const started = await inFront(upstream, {}, { timeoutMs: 100 })
    expect((await fetch(`${started.url}/acme/prod/up`)).status).toBe(504)
  })
})

describe('A failing caller', () => {
  test('that sends too slowly gets 408 and a closed connection', async () => {
    let isGone = false
    const upstream = await startUpstream((request) => {
      request.on('close', () => (isGone = true))
      request.resume()
    })
    opened.push(upstream)
    const started = await inFront(upstream.url, { timeoutMs: 200 })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${POST}Content-Length: 100\r\n\r\nabc`)
    const text = await caller.closed()
    expect(text).toMatch(/^HTTP\/1.1 408 /)
    expect(text).toContain('request_timeout')
    expect(text).toMatch(/connection: close/i)
    await expect.poll(() => isGone).toBe(true)
  })

  test('that reads too slowly is cut off, with backpressure on the upstream meanwhile', async () => {
    let sent = 0
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'content-length': String(1024 ** 3) })
      const chunk = Buffer.alloc(64 * 1024)
      const more = (): void => {
        while (!response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) break
        }
      }
      response.on('drain', more)
      more()
    })
    opened.push(upstream)
    const started = await inFront(upstream.url, { timeoutMs: 500 })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${GET}\r\n`)
    await caller.until('\r\n\r\n')
    caller.socket.pause()
    await expect.poll(async () => await countOf(started, 'upstream_timeout')).toBe(1)
    // The kernel's buffers of both connections, and a few of the gateway.
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })

  test('that disconnects aborts the upstream’s request', async () => {
    let isThere = false
    let isGone = false
    const upstream = await startUpstream((request) => {
      isThere = true
      request.on('close', () => (isGone = true))
    })
    opened.push(upstream)
    const started = await inFront(upstream.url)
    const caller = await RawConnection.open(started.gateway.port)
    caller.send(`${POST}Content-Length: 100\r\n\r\nabc`)
    await expect.poll(() => isThere).toBe(true)
    await caller[Symbol.asyncDispose]()
    await expect.poll(() => isGone).toBe(true)
  })

  test('that announces too large a body is refused at once', async () => {
    const started = await inFront(await echo(), { requestBytesMax: 1000 })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${POST}Content-Length: 1001\r\n\r\n`)
    const text = await caller.until('}')
    expect(text).toMatch(/^HTTP\/1.1 413 /)
    expect(text).toContain('"limitBytes":1000')
    const exact = await echoed(
      started,
      `${POST}Connection: close\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}`,
    )
    expect(exact.body).toHaveLength(1000)
  })

  test('that sends too large a body without a length is refused at the limit', async () => {
    let isGone = false
    const upstream = await startUpstream((request) => {
      request.on('close', () => (isGone = true))
      request.resume()
    })
    opened.push(upstream)
    const started = await inFront(upstream.url, { requestBytesMax: 100_000 })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${POST}Transfer-Encoding: chunked\r\n\r\n`)
    const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`
    for (let count = 0; count < 4; count += 1) caller.send(chunk)
    const text = await caller.until('}')
    expect(text).toMatch(/^HTTP\/1.1 413 /)
    await expect.poll(() => isGone).toBe(true)
  })

  test('whose body becomes unreadable gets a problem response', async () => {
    const started = await inFront(await echo())
    const bytes = `${POST}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n`
    expect(await RawConnection.exchange(started.gateway.port, bytes)).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('Expect: 100-continue', () => {
  test('gets 100 Continue when the request is forwarded', async () => {
    const started = await inFront(await echo())
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${POST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`)
    await caller.until('HTTP/1.1 100 Continue\r\n\r\n')
    caller.send('hello')
    expect(await caller.until('"body":"hello"')).not.toContain('"expect"')
  })

  test('gets a final response when the request is refused, without waiting for the body', async () => {
    const key = makeKey()
    const upstream = await echo()
    await using started = await startWith([...ACME, key.record, deployment({}, proxyTo(upstream))])
    const head =
      'POST /acme/prod/orders HTTP/1.1\r\nHost: api\r\nExpect: 100-continue\r\nContent-Length: 50000000\r\n'
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${head}\r\n`)
    const text = await caller.until('}')
    expect(text).toMatch(/^HTTP\/1.1 401 /)
    expect(text).not.toContain('100 Continue')
    await using large = await RawConnection.open(started.gateway.port)
    large.send(`${head}x-api-key: ${key.token}\r\n\r\n`)
    expect(await large.until('}')).toMatch(/^HTTP\/1.1 413 /)
  })

  test('with any other expectation gives 417', async () => {
    const started = await inFront(await echo())
    const bytes = `${POST}Expect: a-miracle\r\nContent-Length: 0\r\n\r\n`
    expect(await RawConnection.exchange(started.gateway.port, bytes)).toMatch(/^HTTP\/1.1 417 /)
  })
})

test('A response before the body was read keeps the connection usable, or closes it', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-length': '2' })
    response.end('ok')
  })
  opened.push(upstream)
  const started = await inFront(upstream.url)
  const agentless = (bytes: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        `${started.url}/acme/prod/up`,
        { method: 'POST', headers: { 'content-length': String(bytes) } },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      request.on('error', reject)
      request.end(Buffer.alloc(bytes))
    })
  expect(await agentless(10)).toBe(200)
  expect(await agentless(1024 * 1024)).toBe(200)
})
