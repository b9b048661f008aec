import { Problem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { Store } from '../store/port/store.ts'
import {
  ACME,
  bearer,
  openAcme,
  openControlWorld,
  SETUP_TOKEN,
  spec,
  textOf,
} from './testing/control-world.ts'

/** The paths of all errors of a refusal. */
function pathsOf(body: Readonly<Record<string, unknown>>): Set<string> {
  return new Set((body['errors'] as { path: string }[]).map(({ path }) => path))
}

test('a token that is sent where it does not belong is not repeated', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })
  const token = textOf(body['token'])
  const id = token.slice(0, token.lastIndexOf('_'))
  for (const [method, path, sent] of [
    ['GET', `/keys/${token}`],
    ['GET', `/keys?cursor=${token}`],
    ['POST', `/projects/${token}`, {}],
    ['POST', '/projects', { [token]: 1 }],
    ['POST', '/keys', { name: 'k', type: token, roles: [token] }],
  ] as const) {
    const refused = await world.own(method, ACME + path, sent)
    const text = JSON.stringify(refused.body)
    expect([path, refused.status >= 400, text.includes(token)]).toEqual([path, true, false])
    if (text.includes(id)) expect(text).toContain(`${id}_[redacted]`)
  }
})

describe('an invalid request', () => {
  test('gets every problem at once', async () => {
    await using world = await openAcme()
    const refused = await world.own('POST', `${ACME}/keys`, {
      name: '',
      type: 'private',
      colour: 'blue',
      expiresAt: 'tomorrow',
      addressRules: ['10.0.0.0/33'],
      rateLimits: [{ requests: 0, per: 'minute', burst: 2 }],
    })
    expect(refused).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: { code: 'invalid_request', status: 400, title: expect.any(String), detail: expect.any(String) },
    })
    expect(pathsOf(refused.body)).toEqual(
      new Set([
        '/addressRules/0',
        '/colour',
        '/expiresAt',
        '/name',
        '/rateLimits/0/burst',
        '/rateLimits/0/requests',
        '/type',
      ]),
    )
  })

  test.each([
    ['?limit=0', 'query/limit'],
    ['?limit=201', 'query/limit'],
    ['?limit=ten', 'query/limit'],
    ['?limit=1&limit=2', 'query/limit'],
    ['?page=2', 'query/page'],
    ['?__proto__=1', 'query/__proto__'],
    ['?cursor=', 'query/cursor'],
    ['?includeDeleted=maybe', 'query/includeDeleted'],
  ])('with the query %s', async (query, path) => {
    await using world = await openAcme()
    const refused = await world.own('GET', `${ACME}/keys${query}`)
    expect(refused.status).toBe(400)
    expect(pathsOf(refused.body)).toEqual(new Set([path]))
  })

  test('with an invalid cursor', async () => {
    await using world = await openAcme()
    expect(await world.own('GET', `${ACME}/keys?cursor=nonsense`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  })

  test.each([['61'], ['-1'], ['soon'], ['1.5']])('by a wait of %s', async (wait) => {
    await using world = await openAcme()
    expect(await world.own('PATCH', `${ACME}?wait=${wait}`, { name: 'x' })).toMatchObject({ status: 400 })
  })

  test('never sees its values repeated', async () => {
    await using world = await openAcme()
    const refused = await world.own('POST', `${ACME}/keys`, '{"name": "x-secret')
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).not.toContain('x-secret')
    expect(world.log()).not.toContain('x-secret')
  })
})

test('lists are paged', async () => {
  await using world = await openAcme()
  for (const name of ['a', 'b', 'c']) await world.own('POST', `${ACME}/projects`, { name })
  const names: unknown[] = []
  let next: unknown
  do {
    const query = typeof next === 'string' ? `&cursor=${next}` : ''
    const { body } = await world.own('GET', `${ACME}/projects?limit=2${query}`)
    names.push(...Object.values(body['items'] ?? {}).map((item) => item['name']))
    next = body['next']
  } while (next !== null)
  expect(names).toHaveLength(4)
  expect(new Set(names)).toEqual(new Set(['a', 'b', 'c', 'default']))
})

describe('a request without a valid key', () => {
  test.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['no token', { authorization: 'Bearer' }],
    ['a token that is none', { authorization: 'Bearer nonsense' }],
    ['a token that never was', { authorization: `Bearer sp_sk_${'A'.repeat(16)}_${'b'.repeat(38)}` }],
  ])('%s', async (_name, headers) => {
    await using world = await openAcme()
    const refused = await world.call('GET', `${ACME}/keys`, undefined, headers)
    expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer realm="sallyport"/)
  })

  test('is refused before its body is parsed', async () => {
    await using world = await openAcme()
    expect(await world.call('POST', `${ACME}/keys`, '{')).toMatchObject({ status: 401 })
  })

  test('lacks a permission', async () => {
    await using world = await openAcme()
    const made = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret', roles: ['auditor'] })
    const auditor = bearer(made.body['token'])
    expect(await world.call('GET', `${ACME}/keys`, undefined, auditor)).toMatchObject({ status: 200 })
    expect(await world.call('POST', `${ACME}/keys`, { name: 'x', type: 'secret' }, auditor)).toMatchObject({
      status: 403,
      body: { code: 'permission_missing', permission: 'keys.create' },
    })
  })

  test('ends with its key', async () => {
    await using world = await openAcme()
    const made = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret', roles: ['owner'] })
    const key = bearer(made.body['token'])
    await world.own('DELETE', `${ACME}/keys/${textOf(made.body['key']?.['id'])}`)
    expect(await world.call('GET', ACME, undefined, key)).toMatchObject({ status: 401 })
  })
})

describe('too many wrong set-up tokens', () => {
  const organization = { slug: 'acme', name: 'Acme' }

  test('of one network are refused with 429, and the right one of another network is not', async () => {
    await using world = await openControlWorld()
    const setUp = async (setupToken: string, remoteAddress: string, forwarded?: string) =>
      await world.app.inject({
        method: 'POST',
        url: '/v1/setup',
        payload: { setupToken, organization },
        remoteAddress,
        headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      })
    const statuses: number[] = []
    // Addresses of one network, which also claim to be forwarded for others.
    for (let index = 0; index < 11; index += 1) {
      const answer = await setUp('wrong', `2001:db8:0:1::${index}`, `10.0.0.${index}`)
      statuses.push(answer.statusCode)
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429])
    const limited = await setUp(SETUP_TOKEN, '2001:db8:0:1::ff')
    expect(limited.json()).toMatchObject({ code: 'rate_limited', status: 429 })
    expect(limited.headers['content-type']).toContain('application/problem+json')
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
    expect((await setUp(SETUP_TOKEN, '2001:db8:0:2::1')).statusCode).toBe(201)
  })

  test('are counted by the address that a trusted proxy forwards', async () => {
    await using world = await openControlWorld({ trustedProxies: ['10.0.0.0/8'] })
    const setUp = async (setupToken: string, forwarded: string) =>
      await world.app.inject({
        method: 'POST',
        url: '/v1/setup',
        payload: { setupToken, organization },
        remoteAddress: '10.0.0.1',
        headers: { 'x-forwarded-for': forwarded },
      })
    for (let index = 0; index < 10; index += 1) {
      expect((await setUp('wrong', `203.0.113.${index}, 192.0.2.1`)).statusCode).toBe(401)
    }
    expect((await setUp('wrong', '203.0.113.99, 192.0.2.1')).statusCode).toBe(429)
    expect((await setUp(SETUP_TOKEN, '192.0.2.2')).statusCode).toBe(201)
  })
})

describe('too many wrong credentials', () => {
  test('from one address get 429, but valid ones still work', async () => {
    await using world = await openAcme()
    const wrong = { authorization: `Bearer sp_sk_${'A'.repeat(16)}_${'b'.repeat(38)}` }
    const statuses: number[] = []
    for (let attempt = 0; attempt < 102; attempt += 1) {
      statuses.push((await world.call('GET', '/v1/whoami', undefined, wrong)).status)
    }
    expect(statuses.slice(0, 100).every((status) => status === 401)).toBe(true)
    expect(statuses.slice(100)).toEqual([429, 429])
    const limited = await world.call('GET', '/v1/whoami', undefined, wrong)
    expect(limited).toMatchObject({ body: { code: 'rate_limited' } })
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
    expect(await world.own('GET', '/v1/whoami')).toMatchObject({ status: 200 })
  })

  test('are counted by the monotonic clock, and not by the wall clock', async () => {
    const monotonic = { nowMs: 5_000 }
    await using world = await openControlWorld({ monotonicMs: () => monotonic.nowMs })
    const wrong = { authorization: `Bearer sp_sk_${'A'.repeat(16)}_${'b'.repeat(38)}` }
    const attempt = async (): Promise<number> =>
      (await world.call('GET', '/v1/whoami', undefined, wrong)).status
    for (let count = 0; count < 100; count += 1) expect(await attempt()).toBe(401)
    expect(await attempt()).toBe(429)
    world.clock.nowMs += 24 * 3_600_000
    expect(await attempt()).toBe(429)
    world.clock.nowMs -= 48 * 3_600_000
    // One more is allowed after a hundredth of the minute.
    monotonic.nowMs += 599
    expect(await attempt()).toBe(429)
    monotonic.nowMs += 1
    expect([await attempt(), await attempt()]).toEqual([401, 429])
  })

  test('never result from valid ones', async () => {
    await using world = await openAcme()
    const answers = await Promise.all(Array.from({ length: 500 }, async () => world.own('GET', '/v1/whoami')))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  test('block set-up for a while, even for the right token', async () => {
    await using world = await openControlWorld()
    const organization = { slug: 'acme', name: 'Acme' }
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await world.call('POST', '/v1/setup', { setupToken: 'guess', organization })).toMatchObject({
        status: 401,
      })
    }
    expect(await world.call('POST', '/v1/setup', { setupToken: SETUP_TOKEN, organization })).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
    })
  })
})

describe('an unknown path', () => {
  test('gets 404 with and without a key', async () => {
    await using world = await openAcme()
    for (const path of [
      '/nothing',
      '/v2',
      '/assets/nothing.js',
      '/v1/organizations/acme/nothing',
      '/v1/setup/more',
    ]) {
      expect(await world.own('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
      expect(await world.call('GET', path)).toMatchObject({ status: 404 })
    }
  })

  test('gets 405 if other methods exist', async () => {
    await using world = await openAcme()
    const refused = await world.own('DELETE', `${ACME}/keys`)
    expect(refused).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } })
    expect(refused.headers['allow']).toBe('GET, HEAD, POST')
  })
})

describe('a response', () => {
  test("contains the caller's request id if it is valid", async () => {
    await using world = await openControlWorld()
    const idFor = async (id: string): Promise<unknown> =>
      (await world.call('GET', '/healthz', undefined, { 'x-request-id': id })).headers['x-request-id']
    expect(await idFor('a'.repeat(128))).toBe('a'.repeat(128))
    expect(await idFor('a'.repeat(129))).toMatch(/^req_[0-9a-f]{24}$/)
    expect(await idFor('a b')).toMatch(/^req_/)
    expect((await world.call('GET', '/nothing')).headers['x-request-id']).toMatch(/^req_/)
  })

  test('has security headers and is never cached', async () => {
    await using world = await openAcme()
    for (const answer of [
      await world.own('GET', ACME),
      await world.call('GET', ACME),
      await world.own('GET', '/no'),
    ]) {
      expect(answer.headers).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
      })
    }
  })
})

describe('a failure of the server', () => {
  function storeThatThrows(store: Store, error: () => unknown): Store {
    const broken = async (): Promise<never> => {
      throw error()
    }
    return { ...store, read: { ...store.read, keys: { ...store.read.keys, find: broken } } }
  }

  test('is 503 for a database outage, never 401', async () => {
    await using world = await openAcme()
    await using down = await openControlWorld({
      store: storeThatThrows(
        world.store,
        () => new Problem('unavailable', { cause: new Error('x-secret host') }),
      ),
    })
    const answer = await down.call('GET', '/v1/whoami', undefined, world.owner)
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
      headers: { 'retry-after': '1' },
    })
    expect(JSON.stringify(answer)).not.toContain('x-secret')
    expect(down.log()).toContain('x-secret host')
  })

  test('is 500 for a fault, with the cause only in the log', async () => {
    await using world = await openAcme()
    await using broken = await openControlWorld({
      store: storeThatThrows(world.store, () => new TypeError('x-secret of undefined')),
    })
    const answer = await broken.call('GET', '/v1/whoami', undefined, world.owner)
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(JSON.stringify(answer)).not.toContain('x-secret')
    expect(broken.log()).toContain('x-secret of undefined')
  })
})

test('no log line contains a token', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret' })
  await world.own('GET', `/v1/whoami?apikey=${world.owner.authorization.slice(7)}`)
  await world.own('GET', `/${world.owner.authorization.slice(7)}`)
  expect(world.log()).toContain('"route":"/v1/whoami"')
  expect(world.log()).not.toMatch(/sp_sk_[0-9A-Za-z]{16}_[0-9A-Za-z]/)
})

test('a YAML spec is equivalent to a JSON spec', async () => {
  await using world = await openAcme()
  const yaml =
    'name: orders\nspec:\n  trigger: {kind: rest, authentication: {apiKey: true}}\n  steps:\n    - respond: {body: {ok: true}}\n'
  const made = await world.own('POST', `${ACME}/pipelines`, yaml, { 'content-type': 'application/yaml' })
  expect(made).toMatchObject({ status: 201, body: { name: 'orders', spec: spec() } })
})
