import { once } from 'node:events'
import { request as send, type IncomingHttpHeaders } from 'node:http'
import {
  CACHE_HEADERS_DEFAULT,
  type CacheRules,
  type DeploymentRecord,
  type ProxyStep,
  type Trigger,
} from '@sallyport/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import { ScriptedUpstream } from './testing/scripted-upstream.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'

type Headers = Readonly<Record<string, string | number | string[]>>

const PRIVATE: CacheRules = { seconds: 0, isShared: false, headers: CACHE_HEADERS_DEFAULT }
const SHARED: CacheRules = { ...PRIVATE, isShared: true }
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']
const one = makeKey()
const two = makeKey()

let upstream: ScriptedUpstream
let started: StartedGateway
let nowMs = Date.now()

function cached(
  pipeline: string,
  cache: CacheRules,
  trigger: Partial<Trigger> = {},
  step: Partial<ProxyStep> = {},
  record: Partial<DeploymentRecord> = {},
): DeploymentRecord {
  return deployment(
    { paths: [`/${pipeline}/**`], methods: METHODS, ...trigger },
    proxyTo(`${upstream.origin}/{*}`, { cache, ...step }),
    { pipeline, ...record },
  )
}

beforeAll(async () => {
  upstream = await ScriptedUpstream.start()
  started = await startWith(
    [
      ...ACME,
      { kind: 'organization', slug: 'rival' },
      { kind: 'environment', organization: 'rival', name: 'prod' },
      one.record,
      two.record,
      cached('own', PRIVATE),
      cached('all', SHARED),
      cached('open', PRIVATE, { authentication: OPEN }),
      cached('open', PRIVATE, { authentication: OPEN }, {}, { environment: 'test', id: 'open-test' }),
      cached('open', PRIVATE, { authentication: OPEN }, {}, { organization: 'rival' }),
      cached('timed', { ...SHARED, seconds: 60 }, { authentication: OPEN }),
      cached('token', SHARED, { authentication: OPEN }, { headers: { authorization: 'Bearer t' } }),
      cached('listed', { ...SHARED, headers: ['x-tenant'] }, { authentication: OPEN }),
      cached(
        'canary',
        SHARED,
        { authentication: OPEN },
        {
          targets: [
            { origin: upstream.origin, weight: 1, when: null, isBackup: false },
            {
              origin: upstream.origin.replace('127.0.0.1', 'localhost'),
              weight: 1,
              when: { headers: { 'x-canary': 'yes' }, consumers: [] },
              isBackup: false,
            },
          ],
          balance: { by: 'request', retries: 0, retryMethods: [], failures: 5, ejectionMs: 1000 },
        },
      ),
      cached(
        'pages',
        SHARED,
        {
          authentication: OPEN,
          cors: { origins: ['https://a.example', 'https://b.example'], headers: [], credentials: true },
          responseHeaders: { 'x-powered-by': null, 'x-own': 'trigger' },
          compression: { minBytes: 1, contentTypes: ['text/*'] },
        },
        { responseHeaders: { 'x-step': 'step' } },
      ),
      deployment(
        { paths: ['/steps/**'], methods: METHODS, authentication: OPEN },
        [
          { kind: 'assert', that: 'query.pass = "yes"', status: 403, code: 'not_yes', detail: 'No.' },
          proxyTo(`${upstream.origin}/{*}`, { cache: SHARED, headers: { 'x-renamed': { from: 'x-given' } } }),
        ],
        { pipeline: 'steps' },
      ),
      cached('limited', SHARED, { authentication: OPEN, timeoutMs: 300 }),
    ],
    { nowMs: () => nowMs },
  )
})
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})
let paths = 0
afterEach(() => {
  upstream.requests.length = 0
  upstream.answers.clear()
})

/** Alternating names and values. */
function raw(headers: Headers): string[] {
  return Object.entries(headers).flatMap(([name, lines]) =>
    [lines].flat().flatMap((line) => [name, String(line)]),
  )
}

/** A path of its own, which the upstream answers with a count of its requests. */
function counting(headers: Headers, status = 200): string {
  paths += 1
  const path = `/${paths}`
  let count = 0
  upstream.answers.set(path, (_, response) => {
    count += 1
    const body = status === 204 ? '' : `answer ${count}`
    response
      .writeHead(status, raw({ ...(status === 204 ? {} : { 'content-length': body.length }), ...headers }))
      .end(body)
  })
  return path
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** What the cache did. */
  readonly cache: string | undefined
}

interface Question {
  readonly method?: string
  readonly headers?: Record<string, string | string[]>
  readonly body?: string
  readonly key?: string
  readonly environment?: string
}

async function ask(pipeline: string, path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, key = one.token, environment = 'acme/prod' } = question
  const request = send(`${started.url}/${environment}/${pipeline}${path}`, {
    method,
    headers: { 'x-api-key': key, ...headers },
  })
  request.end(body)
  const [response] = await once(request, 'response')
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) text += chunk as string
  const { 'cache-status': cache } = response.headers as IncomingHttpHeaders
  return { status: response.statusCode, headers: response.headers, body: text, cache: cache?.toString() }
}

async function bodies(pipeline: string, path: string, ...questions: Question[]): Promise<string[]> {
  const found: string[] = []
  for (const question of questions) found.push((await ask(pipeline, path, question)).body)
  return found
}

const FRESH = { 'cache-control': 'max-age=60' }
const NONE: Question = {}

describe('A stored response answers', () => {
  test('as long as it is fresh, with its age', async () => {
    const path = counting({ ...FRESH, 'x-own': 'kept', 'content-type': 'text/plain' })
    const first = await ask('own', path)
    expect([first.body, first.cache, first.headers.age]).toEqual([
      'answer 1',
      'sallyport; fwd=miss; fwd-status=200',
      undefined,
    ])
    nowMs += 59_000
    const second = await ask('own', path)
    expect(second.headers).toMatchObject({
      age: '59',
      'x-own': 'kept',
      'content-type': 'text/plain',
      'content-length': '8',
    })
    expect([second.body, second.cache]).toEqual(['answer 1', 'sallyport; hit'])
    nowMs += 1_000
    expect((await ask('own', path)).body).toBe('answer 2')
  })

  test.each<[string, Headers, boolean]>([
    ['nothing', {}, false],
    ['max-age', { 'cache-control': 'Max-Age="60"' }, true],
    ['s-maxage before max-age', { 'cache-control': 'max-age=60, s-maxage=0' }, false],
    ['s-maxage', { 'cache-control': 's-maxage=60, max-age=0' }, true],
    ['the shortest of several', { 'cache-control': ['max-age=60', 'max-age=0'] }, false],
    ['Expires', { date: new Date(0).toUTCString(), expires: new Date(60_000).toUTCString() }, true],
    ['an invalid Expires', { expires: '0' }, false],
    ['a number of seconds as Expires', { expires: '3600' }, false],
    ['two Expires', { expires: [new Date(9e12).toUTCString(), new Date(9e12).toUTCString()] }, false],
    [
      'max-age before Expires',
      { 'cache-control': 'max-age=0', expires: new Date(9e12).toUTCString() },
      false,
    ],
    ['an Age as old', { ...FRESH, age: '60' }, false],
    ['an Age not as old', { ...FRESH, age: '10' }, true],
    ['no-store', { 'cache-control': 'max-age=60, No-Store' }, false],
    ['private', { 'cache-control': 'max-age=60, private="x"' }, false],
    ['no-cache', { 'cache-control': 'max-age=60, no-cache' }, false],
    ['no-store after a quoted comma', { 'cache-control': 'a="b, max-age=9", no-store' }, false],
    ['a max-age within quotes', { 'cache-control': 'a="b, max-age=60"' }, false],
    ['what cannot be read', { 'cache-control': 'max-age=60, =' }, false],
    ['must-understand beside no-store', { 'cache-control': 'max-age=60, must-understand, no-store' }, true],
    ['a cookie', { ...FRESH, 'set-cookie': 'a=b' }, false],
    ['Vary: *', { ...FRESH, vary: 'accept, *' }, false],
    [
      'Vary with 500 names',
      { ...FRESH, vary: Array.from({ length: 500 }, (_, at) => `x-${at}`).join(',') },
      true,
    ],
    ['an event stream', { ...FRESH, 'content-type': 'text/event-stream' }, false],
    ['a range', { ...FRESH, 'content-range': 'bytes 0-7/8' }, false],
    ['a negative time', { 'cache-control': 'max-age=-1' }, false],
    ['an endless time', { 'cache-control': `max-age=${'9'.repeat(20)}` }, true],
  ])('if it says %s: %j → %s', async (_, headers, isStored) => {
    const path = counting(headers)
    const [, second] = await bodies('own', path, NONE, NONE)
    expect(second).toBe(isStored ? 'answer 1' : 'answer 2')
  })

  test.each([
    [200, true],
    [203, true],
    [204, true],
    [301, true],
    [404, true],
    [410, true],
    [201, false],
    [206, false],
    [400, false],
    [401, false],
    [403, false],
    [500, false],
    [503, false],
  ])('of the status %i: %s', async (status, isStored) => {
    const path = counting(FRESH, status)
    await ask('own', path)
    expect((await ask('own', path)).cache).toBe(
      isStored ? 'sallyport; hit' : `sallyport; fwd=miss; fwd-status=${status}`,
    )
  })

  test('to HEAD, and HEAD fills nothing', async () => {
    const path = counting(FRESH)
    const head = { method: 'HEAD' }
    expect((await ask('own', path, head)).cache).toBe('sallyport; fwd=miss; fwd-status=200')
    expect((await ask('own', path)).body).toBe('answer 2')
    const { cache, body, headers } = await ask('own', path, head)
    expect([cache, body, headers['content-length']]).toEqual(['sallyport; hit', '', '8'])
  })

  test('with the headers of its own request: limits, tracing and the id', async () => {
    const path = counting({ ...FRESH, 'x-request-id': 'of-the-upstream' })
    await ask('own', path, { headers: { 'x-request-id': 'the-first-one' } })
    const { headers } = await ask('own', path, { headers: { 'x-request-id': 'the-second-one' } })
    expect(headers['x-request-id']).toBe('the-second-one')
  })

  test('by default for the seconds that the pipeline states, if the upstream says nothing', async () => {
    const [silent, failing, refusing] = [
      counting({}),
      counting({}, 500),
      counting({ 'cache-control': 'no-cache' }),
    ]
    expect(await bodies('timed', silent, NONE, NONE)).toEqual(['answer 1', 'answer 1'])
    expect(await bodies('timed', failing, NONE, NONE)).toEqual(['answer 1', 'answer 2'])
    expect(await bodies('timed', refusing, NONE, NONE)).toEqual(['answer 1', 'answer 2'])
    nowMs += 60_000
    expect(await bodies('timed', silent, NONE)).toEqual(['answer 2'])
  })

  test('of a request with credentials only if the upstream allows it', async () => {
    const [plain, open] = [counting(FRESH), counting({ 'cache-control': 'public, max-age=60' })]
    expect(await bodies('token', plain, NONE, NONE)).toEqual(['answer 1', 'answer 2'])
    expect(await bodies('token', open, NONE, NONE)).toEqual(['answer 1', 'answer 1'])
  })
})

describe('A caller asks', () => {
  const asking = (value: string): Question => ({ headers: { 'cache-control': value } })

  test.each([
    ['no-cache', 'answer 2'],
    ['max-age=0', 'answer 2'],
    ['max-age=9', 'answer 2'],
    ['max-age=10', 'answer 1'],
    ['min-fresh=51', 'answer 2'],
    ['min-fresh=50', 'answer 1'],
    ['no-store', 'answer 2'],
    ['only-if-cached', 'answer 1'],
  ])('%s: %s', async (value, expected) => {
    const path = counting(FRESH)
    await ask('own', path)
    nowMs += 10_000
    expect((await ask('own', path, asking(value))).body).toBe(expected)
  })

  test('for a stale one, unless the upstream forbids that', async () => {
    const [plain, strict] = [counting(FRESH), counting({ 'cache-control': 'max-age=60, must-revalidate' })]
    for (const path of [plain, strict]) await ask('own', path)
    nowMs += 70_000
    for (const [path, value, expected] of [
      [plain, 'max-stale=9', 'answer 2'],
      [strict, 'max-stale', 'answer 2'],
    ] as const) {
      expect((await ask('own', path, asking(value))).body).toBe(expected)
    }
    nowMs += 70_000
    expect((await ask('own', plain, asking('max-stale=10'))).body).toBe('answer 2')
    expect((await ask('own', plain, asking('max-stale'))).body).toBe('answer 2')
  })

  test('what is not stored with only-if-cached, and gets 504', async () => {
    const { status, body } = await ask('own', counting(FRESH), asking('only-if-cached'))
    expect([status, upstream.requests.length]).toEqual([504, 0])
    expect(JSON.parse(body)).toMatchObject({
      code: 'upstream_timeout',
      detail: expect.stringContaining('only-if-cached') as string,
    })
  })

  test('with no-store, and nothing is stored', async () => {
    const path = counting(FRESH)
    expect(await bodies('own', path, asking('no-store'), NONE)).toEqual(['answer 1', 'answer 2'])
  })

  test('for a range, and gets it from the upstream', async () => {
    const path = counting(FRESH)
    await ask('own', path)
    expect((await ask('own', path, { headers: { range: 'bytes=0-1' } })).body).toBe('answer 2')
    expect(upstream.to(path).map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=0-1'])
    expect((await ask('own', path)).body).toBe('answer 1')
  })

  test('whether it has changed, also before it is stored', async () => {
    const path = counting({
      ...FRESH,
      etag: '"a"',
      'last-modified': new Date(0).toUTCString(),
      'content-type': 'text/plain',
    })
    const known = { headers: { 'if-none-match': '"x", W/"a"' } }
    for (const cache of ['sallyport; fwd=miss; fwd-status=200', 'sallyport; hit']) {
      const answer = await ask('own', path, known)
      expect(answer).toMatchObject({ status: 304, body: '', cache })
      expect(answer.headers).toMatchObject({ etag: '"a"', 'cache-control': 'max-age=60' })
      expect(answer.headers['content-type']).toBeUndefined()
    }
    expect((await ask('own', path)).body).toBe('answer 1')
    expect((await ask('own', path, { headers: { 'if-none-match': '"b"' } })).status).toBe(200)
    expect(
      (await ask('own', path, { headers: { 'if-modified-since': new Date(0).toUTCString() } })).status,
    ).toBe(304)
    expect(
      (await ask('own', path, { headers: { 'if-modified-since': 'Thu, 01 Jan 1969 00:00:00 GMT' } })).status,
    ).toBe(200)
  })
})

describe('A stale response', () => {
  /** Answers 304 if it is asked for the tag. */
  function tagged(headers: Headers, news: Headers = {}): string {
    paths += 1
    const path = `/${paths}`
    upstream.answers.set(path, (request, response) => {
      if (request.headers['if-none-match'] === '"a"')
        response.writeHead(304, raw({ etag: '"a"', ...news })).end()
      else
        response
          .writeHead(200, raw({ etag: '"a"', 'content-type': 'text/plain', 'content-length': 3, ...headers }))
          .end('one')
    })
    return path
  }

  test('is used again if the upstream confirms it, with its news', async () => {
    const path = tagged(
      { ...FRESH, 'x-old': '1', 'x-both': 'old' },
      { ...FRESH, 'x-both': 'new', 'x-new': '2', 'content-type': 'x/y' },
    )
    await ask('own', path)
    nowMs += 60_000
    const confirmed = await ask('own', path)
    expect(confirmed).toMatchObject({
      status: 200,
      body: 'one',
      cache: 'sallyport; fwd=stale; fwd-status=304',
    })
    expect(confirmed.headers).toMatchObject({
      'x-old': '1',
      'x-both': 'new',
      'x-new': '2',
      'content-type': 'text/plain',
      age: '0',
    })
    const { cache, headers } = await ask('own', path)
    expect([cache, headers['x-both'], upstream.requests.length]).toEqual(['sallyport; hit', 'new', 2])
  })

  test('is confirmed for each request with no-cache, and by its tag alone', async () => {
    const path = tagged({ 'cache-control': 'no-cache' }, { 'cache-control': 'no-cache' })
    expect(await bodies('own', path, NONE, NONE, NONE)).toEqual(['one', 'one', 'one'])
    expect(upstream.to(path).map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      '"a"',
      '"a"',
    ])
  })

  test.each<[string, Headers]>([
    ['no-store', { 'cache-control': 'no-store' }],
    ['a cookie', { ...FRESH, 'set-cookie': 'a=b' }],
  ])('is not kept if the confirmation has %s', async (_, news) => {
    const path = tagged(FRESH, news)
    await ask('own', path)
    nowMs += 60_000
    const confirmed = await ask('own', path)
    expect([confirmed.body, confirmed.headers['set-cookie']]).toEqual(['one', undefined])
    await ask('own', path)
    expect(upstream.to(path).map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      '"a"',
      undefined,
    ])
  })

  /** Answers 200 with `first` once, then 304 to each request with a condition, and 200 without one. */
  function revalidated(first: Headers, unchanged: Headers): string {
    const path = counting({ ...FRESH, ...first })
    const answer = upstream.answers.get(path)
    upstream.answers.set(path, (request, response) => {
      const { 'if-none-match': noneMatch, 'if-modified-since': since } = request.headers
      if (noneMatch === undefined && since === undefined) answer?.(request, response)
      else response.writeHead(304, raw({ ...FRESH, ...unchanged })).end()
    })
    return path
  }

  const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT'
  const LATER = 'Thu, 01 Jan 2026 00:00:01 GMT'

  test.each<[string, Headers, Headers, boolean]>([
    ['the same strong tag', { etag: '"a"' }, { etag: '"a"' }, true],
    ['another strong tag', { etag: '"a"' }, { etag: '"b"' }, false],
    ['the tag in other letters', { etag: '"a"' }, { etag: '"A"' }, false],
    ['the same weak tag', { etag: 'W/"a"' }, { etag: 'W/"a"' }, true],
    ['another weak tag', { etag: 'W/"a"' }, { etag: 'W/"b"' }, false],
    ['the strong tag as a weak one', { etag: '"a"' }, { etag: 'W/"a"' }, true],
    ['the weak tag as a strong one', { etag: 'W/"a"' }, { etag: '"a"' }, false],
    ['a tag in place of a date', { 'last-modified': DATE }, { etag: '"a"', 'last-modified': DATE }, false],
    ['two tags', { etag: '"a"' }, { etag: ['"a"', '"b"'] }, false],
    ['the date alone', { etag: '"a"', 'last-modified': DATE }, { 'last-modified': DATE }, true],
    ['another date', { 'last-modified': DATE }, { 'last-modified': LATER }, false],
    ['a date in place of a tag', { etag: '"a"' }, { 'last-modified': DATE }, false],
    [
      'the tag with another date',
      { etag: '"a"', 'last-modified': DATE },
      { etag: '"a"', 'last-modified': LATER },
      true,
    ],
    ['no validator', { etag: '"a"', 'last-modified': DATE }, {}, false],
  ])(
    'is confirmed by a 304 that is about it, otherwise fetched again: %s',
    async (_, first, unchanged, is) => {
      const path = revalidated(first, unchanged)
      await ask('own', path)
      nowMs += 60_000
      const second = await ask('own', path)
      expect([second.status, second.body, second.cache]).toEqual(
        is
          ? [200, 'answer 1', 'sallyport; fwd=stale; fwd-status=304']
          : [200, 'answer 2', 'sallyport; fwd=stale; fwd-status=200'],
      )
      const third = await ask('own', path)
      expect([third.body, third.cache]).toEqual([second.body, 'sallyport; hit'])
      expect(upstream.to(path)).toHaveLength(is ? 2 : 3)
    },
  )

  test.each(['all', 'canary'])(
    'that is fetched again is fetched once, for all who wait: %s',
    async (name) => {
      const path = revalidated({ etag: '"a"' }, { etag: '"b"' })
      await ask(name, path)
      nowMs += 60_000
      const answers = await Promise.all(Array.from({ length: 5 }, async () => await ask(name, path)))
      expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 5 }, () => 'answer 2'))
      expect(upstream.to(path)).toHaveLength(3)
    },
  )

  test('that is fetched again is not sent to a caller that has the new one', async () => {
    const path = revalidated({ etag: '"a"' }, { etag: '"b"' })
    await ask('own', path)
    const answer = upstream.answers.get(path)
    upstream.answers.set(path, (request, response) => {
      if (request.headers['if-none-match'] === undefined)
        response.writeHead(200, raw({ ...FRESH, etag: '"b"', 'content-length': 1 })).end('b')
      else answer?.(request, response)
    })
    nowMs += 60_000
    const known = await ask('own', path, { headers: { 'if-none-match': '"b"' } })
    expect([known.status, known.body, known.headers.etag]).toEqual([304, '', '"b"'])
  })

  test('that is fetched again without a response gives a problem, and no 304', async () => {
    const path = counting({ ...FRESH, etag: '"a"' })
    await ask('own', path)
    upstream.answers.set(path, (_, response) => response.writeHead(304, { etag: '"b"' }).end())
    nowMs += 60_000
    expect((await ask('own', path)).status).toBe(502)
    expect(upstream.to(path).map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      '"a"',
      undefined,
    ])
  })

  test.each<[string, number, Headers, Question]>([
    ['for a first response', 0, {}, {}],
    ['whatever its caller has', 0, {}, { headers: { 'if-none-match': '"a"' } }],
    ['for HEAD', 200, { ...FRESH, etag: '"a"' }, { method: 'HEAD' }],
    ['for a stored response without a validator', 200, FRESH, {}],
    ['for a stored response that is never confirmed', 404, { ...FRESH, etag: '"a"' }, {}],
  ])('is no 304 that was not asked for: %s', async (_, status, headers, question) => {
    const path = counting(headers, status)
    if (status > 0) await ask('own', path)
    upstream.answers.set(path, (__, response) => response.writeHead(304, { etag: '"a"' }).end())
    nowMs += 60_000
    expect((await ask('own', path, question)).status).toBe(502)
    expect(upstream.to(path).at(-1)?.headers).not.toHaveProperty('if-none-match')
  })

  test('hides a 304 that was not asked for', async () => {
    const path = counting({ 'cache-control': 'max-age=60, stale-if-error=60' })
    await ask('own', path)
    upstream.answers.set(path, (_, response) => response.writeHead(304).end())
    nowMs += 61_000
    expect(await ask('own', path)).toMatchObject({
      status: 200,
      body: 'answer 1',
      cache: 'sallyport; fwd=stale; detail=stale-if-error',
    })
  })

  test('hides a failure if the upstream allowed it', async () => {
    const path = counting({ 'cache-control': 'max-age=60, stale-if-error=60' })
    await ask('own', path)
    nowMs += 61_000
    upstream.answers.set(path, (_, response) => response.writeHead(503).end('down'))
    expect(await ask('own', path)).toMatchObject({
      status: 200,
      body: 'answer 1',
      cache: 'sallyport; fwd=stale; detail=stale-if-error',
    })
    upstream.answers.set(path, (request) => request.socket.destroy())
    expect((await ask('own', path)).body).toBe('answer 1')
    expect((await ask('own', path, { headers: { 'cache-control': 'no-cache' } })).status).toBe(502)
    nowMs += 60_000
    expect((await ask('own', path)).status).toBe(502)
  })

  test('hides that the upstream takes too long, also from those who wait for it', async () => {
    const path = counting({ 'cache-control': 'max-age=60, stale-if-error=60' })
    await ask('limited', path)
    nowMs += 61_000
    let isAborted = false
    upstream.answers.set(path, (request) => request.on('close', () => (isAborted = true)))
    const answers = await Promise.all([ask('limited', path), ask('limited', path)])
    for (const { status, body, cache } of answers) {
      expect([status, body, cache]).toEqual([200, 'answer 1', 'sallyport; fwd=stale; detail=stale-if-error'])
    }
    await expect.poll(() => isAborted).toBe(true)
    nowMs += 60_000
    expect((await ask('limited', path)).status).toBe(504)
  })

  test('does not hide one that it may not', async () => {
    const path = counting({ 'cache-control': 'max-age=60, stale-if-error=60, must-revalidate' })
    await ask('own', path)
    nowMs += 61_000
    upstream.answers.set(path, (_, response) => response.writeHead(503).end('down'))
    expect(await ask('own', path)).toMatchObject({ status: 503, body: 'down' })
  })
})

describe('Who gets a response', () => {
  test('with a cache of its own: each key its own', async () => {
    const path = counting(FRESH)
    expect(await bodies('own', path, { key: one.token }, { key: two.token }, { key: one.token })).toEqual([
      'answer 1',
      'answer 2',
      'answer 1',
    ])
    expect(upstream.to(path).map(({ headers }) => headers['x-sallyport-key'])).toEqual([
      one.record.id,
      two.record.id,
    ])
  })

  test('with a shared one: all, and the upstream does not learn who asks', async () => {
    const path = counting(FRESH)
    expect(await bodies('all', path, { key: one.token }, { key: two.token })).toEqual([
      'answer 1',
      'answer 1',
    ])
    expect(upstream.to(path)[0]?.headers).toMatchObject({
      'x-sallyport-key': '-',
      'x-sallyport-pipeline': 'all',
    })
  })

  test('no caller without a valid key, and none whose key was revoked since', async () => {
    const path = counting(FRESH)
    const gone = makeKey()
    started.apply([gone.record])
    expect(await bodies('all', path, { key: gone.token }, { key: gone.token })).toEqual([
      'answer 1',
      'answer 1',
    ])
    started.apply([{ ...gone.record, active: false }])
    expect((await ask('all', path, { key: gone.token })).status).toBe(401)
    expect((await ask('all', path, { key: '' })).status).toBe(401)
  })

  test('only in its environment and organization', async () => {
    const path = counting(FRESH)
    const environments = ['acme/prod', 'acme/test', 'rival/prod', 'acme/prod']
    expect(await bodies('open', path, ...environments.map((environment) => ({ environment })))).toEqual([
      'answer 1',
      'answer 2',
      'answer 3',
      'answer 1',
    ])
  })

  test('only until its pipeline is deployed anew', async () => {
    const path = counting(FRESH)
    const record = cached('again', SHARED, { authentication: OPEN })
    const again = async () => (await ask('again', path)).body
    started.apply([record])
    expect([await again(), await again()]).toEqual(['answer 1', 'answer 1'])
    started.apply([
      { ...record, id: 'again-2' },
      { kind: 'removed', of: 'deployment', organization: 'acme', id: 'again' },
    ])
    expect([await again(), await again()]).toEqual(['answer 2', 'answer 2'])
    started.apply([cached('again', SHARED, {}, {}, { id: 'again-2' })])
    expect((await ask('again', path, { key: '' })).status).toBe(401)
    expect(await again()).toBe('answer 3')
    // The same deployment, read anew.
    started.apply([cached('again', SHARED, {}, {}, { id: 'again-2' })])
    expect(await again()).toBe('answer 3')
  })

  test('only with the same headers of those that are listed; no other one passes', async () => {
    const path = counting({ ...FRESH, vary: 'x-tenant' })
    const tenant = (value: string | string[]): Question => ({ headers: { 'x-tenant': value } })
    expect(
      await bodies('listed', path, tenant('a'), tenant('b'), tenant('a'), { headers: { 'X-TENANT': 'a' } }),
    ).toEqual(['answer 1', 'answer 2', 'answer 1', 'answer 1'])
    expect(await bodies('listed', path, tenant(['a', 'b']), tenant(['b', 'a']), tenant('a, b'))).toEqual([
      'answer 3',
      'answer 4',
      'answer 5',
    ])
  })

  test('only if the same target of several would answer', async () => {
    const path = counting(FRESH)
    const canary = { headers: { 'x-canary': 'yes' } }
    expect(await bodies('canary', path, canary, NONE, canary)).toEqual(['answer 1', 'answer 2', 'answer 1'])
  })
})

describe('A backup that answers in place of the other target', () => {
  const rules = { by: 'request', retries: 1, retryMethods: ['GET'], failures: 1, ejectionMs: 1000 } as const
  const targets = (): NonNullable<ProxyStep['targets']> => [
    { origin: upstream.origin, weight: 1, when: null, isBackup: false },
    { origin: upstream.origin.replace('127.0.0.1', 'localhost'), weight: 1, when: null, isBackup: true },
  ]
  /** Answers at the backup, and at the other target while it is up; validates whatever is asked. */
  function failing(headers: Headers): { readonly path: string; isUp: boolean } {
    paths += 1
    const state = { path: `/${paths}`, isUp: true }
    upstream.answers.set(state.path, (request, response) => {
      const isBackup = request.headers.host?.startsWith('localhost') === true
      if (!isBackup && !state.isUp) response.writeHead(503).end('down')
      else if (request.headers['if-none-match'] !== undefined) response.writeHead(304, raw(headers)).end()
      else response.writeHead(200, raw(headers)).end(isBackup ? 'backup' : 'main')
    })
    return state
  }

  test('is stored by no caller, so the next one gets the other target when it is back', async () => {
    await using own = await startWith([
      ...ACME,
      cached('backup', SHARED, { authentication: OPEN }, { targets: targets(), balance: rules }),
    ])
    const at = async (path: string): Promise<string> => {
      const response = await fetch(`${own.url}/acme/prod/backup${path}`)
      return `${await response.text()} ${response.headers.get('cache-status')?.replace(/;.*/, '')}${
        response.headers.get('cache-status')?.includes('hit') === true ? ' hit' : ''
      }`
    }
    const down = failing(FRESH)
    down.isUp = false
    expect([await at(down.path), await at(down.path)]).toEqual(['backup sallyport', 'backup sallyport'])
    down.isUp = true
    await expect.poll(async () => await at(down.path), { timeout: 10_000 }).toBe('main sallyport')
    expect(await at(down.path)).toBe('main sallyport hit')
  })
})

describe('A stored response is sent as any other one', () => {
  test('with the headers of the pipeline, for each page', async () => {
    const path = counting({
      ...FRESH,
      'x-powered-by': 'x',
      'x-own': 'upstream',
      'x-sallyport-key': 'x',
      connection: 'x-hop',
      'x-hop': '1',
    })
    for (const origin of ['https://a.example', 'https://b.example', 'https://c.example']) {
      const { headers, body } = await ask('pages', path, { headers: { origin } })
      const allowed = origin === 'https://c.example' ? undefined : origin
      expect([body, headers['access-control-allow-origin'], headers.vary]).toEqual([
        'answer 1',
        allowed,
        'Origin',
      ])
      expect(headers).toMatchObject({ 'x-own': 'trigger', 'x-step': 'step' })
      for (const name of ['x-powered-by', 'x-sallyport-key', 'x-hop']) expect(headers[name]).toBeUndefined()
    }
  })

  test('compressed for those who accept it, and known by its weak tag', async () => {
    const path = counting({ ...FRESH, 'content-type': 'text/plain', etag: '"a"' })
    const gzip = { 'accept-encoding': 'gzip' }
    for (const cache of ['sallyport; fwd=miss; fwd-status=200', 'sallyport; hit']) {
      const answer = await ask('pages', path, { headers: gzip })
      expect([answer.cache, answer.headers['content-encoding'], answer.headers.etag]).toEqual([
        cache,
        'gzip',
        'W/"a"',
      ])
    }
    expect((await ask('pages', path)).body).toBe('answer 1')
    const known = await ask('pages', path, { headers: { ...gzip, 'if-none-match': 'W/"a"' } })
    expect([known.status, known.headers.etag]).toEqual([304, 'W/"a"'])
  })

  test('after the steps before it have let the request pass', async () => {
    const path = counting(FRESH)
    const given = (value: string): Question => ({ headers: { 'x-given': value } })
    expect(await bodies('steps', `${path}?pass=yes`, given('1'), given('1'), given('2'))).toEqual([
      'answer 1',
      'answer 1',
      'answer 2',
    ])
    expect((await ask('steps', `${path}?pass=no`)).status).toBe(403)
    expect(upstream.to(path).map(({ headers }) => headers['x-renamed'])).toEqual(['1', '2'])
  })
})

describe('Nothing that the key lacks reaches the upstream', () => {
  const poison: Record<string, string | string[]> = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-scheme': 'http',
    'x-forwarded-prefix': '/evil',
    'x-original-url': '/evil',
    'x-rewrite-url': '/evil',
    'x-http-method-override': 'DELETE',
    'x-request-id': 'poisoned-by-an-id',
    forwarded: 'host=evil.example',
    via: '1.1 evil',
    'user-agent': 'evil',
    cookie: 'session=evil',
    origin: 'https://evil.example',
    referer: 'https://evil.example',
    'accept-encoding': 'evil',
    x_tenant: 'evil',
    tracestate: 'evil=1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'x-sallyport-consumer': 'evil',
    'x-anything': ['evil', 'evil'],
  }

  test('of the headers', async () => {
    const path = counting(FRESH)
    await ask('open', path, { headers: poison })
    const [first] = upstream.to(path)
    const said = JSON.stringify(first?.rawHeaders)
    expect(said).not.toMatch(/evil|6\.6\.6\.6|poisoned/)
    expect((await ask('open', path)).cache).toBe('sallyport; hit')
    // The host is part of the key, since links in responses depend on it.
    expect(await bodies('open', path, { headers: { host: 'evil.example' } }, NONE)).toEqual([
      'answer 2',
      'answer 1',
    ])
  })

  test('of the target: each spelling is a response of its own, and a key in the query is none of it', async () => {
    const path = counting(FRESH)
    const queries = ['', '?a=1&b=2', '?b=2&a=1', '?a=1&a=2', '?a=%31', '?A=1', '?a=1;b=2', '?utm_source=x']
    const found = new Set<string>()
    for (const query of queries) found.add((await ask('open', path + query)).body)
    expect(found.size).toBe(queries.length)
    expect((await ask('open', `${path}?a=1&apikey=${two.token}&b=2`)).cache).toBe('sallyport; hit')
    expect(upstream.requests.some(({ url }) => url?.includes('apikey'))).toBe(false)
  })

  test('of the method', async () => {
    const path = counting(FRESH)
    await ask('open', path)
    expect((await ask('open', path, { method: 'POST', body: 'x' })).body).toBe('answer 2')
    expect((await ask('open', path, { headers: { 'content-length': '1' }, body: 'x' })).body).toBe('answer 3')
  })
})

describe('What changes a path', () => {
  test('removes its responses, for all queries, headers and callers', async () => {
    const path = counting(FRESH)
    const other = counting(FRESH)
    await bodies('own', path, NONE, { key: two.token }, { headers: { accept: 'a/b' } })
    await bodies('own', `${path}?a=1`, NONE)
    await bodies('own', other, NONE)
    await ask('own', path, { method: 'PUT', body: 'x' })
    expect(await bodies('own', path, NONE, { key: two.token }, { headers: { accept: 'a/b' } })).toEqual([
      'answer 6',
      'answer 7',
      'answer 8',
    ])
    expect(await bodies('own', `${path}?a=1`, NONE)).toEqual(['answer 9'])
    expect(await bodies('own', other, NONE)).toEqual(['answer 1'])
  })

  test('but not if it fails', async () => {
    const path = counting(FRESH)
    await ask('own', path)
    const fresh = upstream.answers.get(path)
    upstream.answers.set(path, (_, response) => response.writeHead(409).end())
    await ask('own', path, { method: 'DELETE' })
    upstream.answers.set(path, fresh ?? expect.fail())
    expect((await ask('own', path)).body).toBe('answer 1')
  })

  test('also keeps a response from being stored that was on its way', async () => {
    paths += 1
    const path = `/${paths}`
    const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>()
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<undefined>()
    let value = 'old'
    upstream.answers.set(path, (request, response) => {
      const body = value
      if (request.method === 'PUT') value = 'new'
      const end = () => response.writeHead(200, { ...FRESH, 'content-length': 3 }).end(body)
      if (request.method === 'PUT' || body === 'new') end()
      else {
        arrive(undefined)
        void answered.then(end)
      }
    })
    const slow = ask('all', path)
    await arrived
    await ask('all', path, { method: 'PUT', body: 'x' })
    // It does not wait for the old one either.
    expect((await ask('all', path)).body).toBe('new')
    answer(undefined)
    expect((await slow).body).toBe('old')
    expect((await ask('all', path)).body).toBe('new')
  })
})

describe('Requests for the same at the same time', () => {
  /** Answers when it is told to. */
  function waiting(headers: Headers, body = 'body') {
    paths += 1
    const path = `/${paths}`
    const answer: (() => void)[] = []
    upstream.answers.set(path, (_, response) => {
      answer.push(() => response.writeHead(200, raw({ 'content-length': body.length, ...headers })).end(body))
    })
    return { path, answer }
  }

  test('ask the upstream once', async () => {
    const { path, answer } = waiting(FRESH)
    const asked = Array.from({ length: 20 }, () => ask('all', path))
    await expect.poll(() => answer.length).toBe(1)
    answer[0]?.()
    const answers = await Promise.all(asked)
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, () => 'body'))
    // Those that came after the response have found it.
    const others = answers.filter(({ cache }) => cache !== 'sallyport; fwd=miss; fwd-status=200')
    expect(others).toHaveLength(19)
    expect(others.filter(({ cache }) => cache === 'sallyport; fwd=miss; collapsed').length).toBeGreaterThan(0)
    expect(upstream.to(path)).toHaveLength(1)
  })

  test('do not wait for what is not stored, nor the next ones', async () => {
    const { path, answer } = waiting({ 'cache-control': 'no-store' })
    const first = ask('all', path)
    await expect.poll(() => answer.length).toBe(1)
    const others = [ask('all', path), ask('all', path)]
    answer[0]?.()
    expect((await first).body).toBe('body')
    await expect.poll(() => answer.length).toBe(3)
    const next = ask('all', path)
    await expect.poll(() => answer.length).toBe(4)
    for (const late of answer.slice(1)) late()
    expect((await Promise.all([...others, next])).map(({ body }) => body)).toEqual(['body', 'body', 'body'])
  })

  test('go on if the first caller leaves', async () => {
    const { path, answer } = waiting(FRESH)
    const { host } = new URL(started.url)
    const leaving = await RawConnection.open(started.gateway.port)
    leaving.send(`GET /acme/prod/all${path} HTTP/1.1\r\nhost: ${host}\r\nx-api-key: ${one.token}\r\n\r\n`)
    await expect.poll(() => answer.length).toBe(1)
    const others = [ask('all', path), ask('all', path)]
    await leaving[Symbol.asyncDispose]()
    await expect.poll(() => answer.length).toBe(2)
    answer[1]?.()
    expect((await Promise.all(others)).map(({ body }) => body)).toEqual(['body', 'body'])
    expect(upstream.to(path)).toHaveLength(2)
  })

  test('go on if the first caller is cut', async () => {
    const { path, answer } = waiting(FRESH)
    const gone = makeKey()
    started.apply([gone.record])
    const cut = ask('all', path, { key: gone.token })
    await expect.poll(() => answer.length).toBe(1)
    const other = ask('all', path)
    started.apply([{ ...gone.record, active: false }])
    expect((await cut).status).toBe(401)
    await expect.poll(() => answer.length).toBe(2)
    answer[1]?.()
    expect((await other).body).toBe('body')
  })

  test('each end by their own time', async () => {
    const { path, answer } = waiting(FRESH)
    const asked = [ask('limited', path), ask('limited', path)]
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([504, 504])
    expect(answer.length).toBeLessThanOrEqual(2)
  })
})

describe('A response that is not complete', () => {
  test.each<[string, string]>([
    ['with a length', 'HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ncontent-length: 9\r\n\r\nhalf'],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    ],
    ['up to the end of the connection', 'HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\n\r\nhalf'],
    [
      'with trailers',
      'HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nx-a: b\r\n\r\n',
    ],
  ])('is not stored: %s', async (_, bytes) => {
    paths += 1
    const path = `/${paths}`
    upstream.answers.set(path, (request) => request.socket.end(bytes))
    const question = `GET /acme/prod/open${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`
    for (let turn = 0; turn < 2; turn += 1) await RawConnection.exchange(started.gateway.port, question)
    expect(upstream.to(path).length).toBeGreaterThanOrEqual(2)
  })

  test('and that its caller has already is not read to its end if it is too large to be stored', async () => {
    paths += 1
    const path = `/${paths}`
    let isClosed = false
    upstream.answers.set(path, (_, response) => {
      response.writeHead(200, { ...FRESH, etag: '"a"' })
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) continue
      }
      response
        .on('drain', more)
        .on('close', () => (isClosed = true))
        .on('error', () => undefined)
      more()
    })
    const answer = await ask('open', path, { headers: { 'if-none-match': '"a"' } })
    expect([answer.status, answer.body]).toEqual([304, ''])
    await expect.poll(() => isClosed).toBe(true)
  })

  test('is not stored if it is too large', async () => {
    for (const length of [1024 * 1024, 1024 * 1024 + 1]) {
      paths += 1
      const path = `/${paths}`
      upstream.answers.set(path, (_, response) =>
        response.writeHead(200, FRESH).end(Buffer.alloc(length, 'x')),
      )
      const [first, second] = [await ask('open', path), await ask('open', path)]
      expect([first.body.length, second.body.length, upstream.to(path).length]).toEqual([
        length,
        length,
        length > 1024 * 1024 ? 2 : 1,
      ])
    }
  })
})

test('Its metrics count how requests were answered', async () => {
  const metrics = await started.registry.metrics()
  expect(metrics).toMatch(/sallyport_cache_requests_total\{result="hit"\} [1-9]/)
  expect(metrics).toMatch(/sallyport_cache_responses [1-9]/)
})
