import {
  EnvironmentHosts,
  type KeyId,
  PORTAL_SESSIONS_PER_CONSUMER_MAX,
  QUOTA_LIMITS_DEFAULT,
} from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KEYS_PER_CONSUMER_MAX } from '../app/keys/create-key.ts'
import { ACME, openAcme, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'
import { cookieOf, signedIn, verdict } from './testing/people.ts'
import { ALL_SCOPES, issue, newAddress, newConsumer, openLink, openPortal } from './testing/portal.ts'

const HOUR_MS = 3_600_000
const INVALID = [410, 'link_invalid']
const ENDED = [401, 'unauthenticated']
const KEYS = '/v1/portal/keys'
/** The keys that the organization may have; null for the default. */
let keysMax: number | null = null

/** The hosts of the environment `test`. */
const environments = new Map([['shop.example', { organization: 'acme', environment: 'test' }]])
const hosts = new EnvironmentHosts(environments)

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme({
    hosts,
    gateway: { url: () => 'http://127.0.0.1:8081', hosts },
    quotaLimits: () => ({ ...QUOTA_LIMITS_DEFAULT, keys: keysMax ?? QUOTA_LIMITS_DEFAULT.keys }),
  })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function actionsOn(id: string): Promise<[unknown, unknown][]> {
  const { body } = await world.own('GET', `${ACME}/audit-events?limit=50&target=portal-session/${id}`)
  return Object.values(body['items'] ?? {})
    .toReversed()
    .map((event) => [event['action'], event['actor']])
}

const idsOf = (body: Json): unknown[] => Object.values(body['items'] ?? {}).map((item) => item['id'])

describe('a link', () => {
  test('opens once, and its cookie goes to the portal alone', async () => {
    const shop = await newConsumer(world)
    const returnUrl = 'https://shop.example.com/account'
    const made = await issue(world, shop, { returnUrl })
    const id = textOf(made.body['id'])
    const link = textOf(made.body['link'])
    expect(made.status).toBe(201)
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/portal#[0-9A-Za-z]{32}$/)
    expect(Date.parse(textOf(made.body['expiresAt'])) - world.clock.nowMs).toBe(HOUR_MS)

    const opened = await openLink(world, link)
    expect(opened.body).toEqual({
      organization: { slug: 'acme', name: 'Acme', color: null },
      consumer: { id: shop.id, name: shop.name },
      plan: null,
      scopes: ALL_SCOPES,
      returnUrl,
      expiresAt: made.body['expiresAt'],
      csrfToken: opened.body['csrfToken'],
    })
    const cookie = String(opened.headers['set-cookie'])
    expect(cookie).toMatch(
      /^sallyport_portal=[0-9A-Za-z]{32}; Max-Age=3600; Path=\/v1\/portal; HttpOnly; SameSite=Strict$/,
    )
    const described = await world.call('GET', '/v1/portal', undefined, { cookie: cookieOf(opened) })
    expect(described.body).toEqual(opened.body)

    await world.own('PATCH', ACME, { color: 'violet' })
    const coloured = await world.call('GET', '/v1/portal', undefined, { cookie: cookieOf(opened) })
    expect(coloured.body['organization']).toEqual({ slug: 'acme', name: 'Acme', color: 'violet' })
    expect((await world.own('PATCH', ACME, { color: null })).body['organization']?.['color']).toBeNull()

    const again = await openLink(world, link)
    expect(verdict(again)).toEqual(INVALID)
    expect(again.body).toMatchObject({ state: 'opened' })
    expect(again.headers['set-cookie']).toBeUndefined()
    expect(await actionsOn(id)).toEqual([
      ['portal-sessions.create', expect.stringMatching(/^key_/)],
      ['portal-sessions.open', 'visitor'],
    ])
  })

  test('tells the plan of its consumer, and nothing that is for the organization alone', async () => {
    const shop = await newConsumer(world)
    const consumer = `${ACME}/consumers/${shop.id}`
    const { environment } = (await world.own('GET', consumer)).body
    const plans = `${ACME}/environments/${textOf(environment)}/plans`
    const rateLimits = [{ requests: 100, per: 'minute', scope: 'environment' }]
    const gold = { name: 'portal-gold', title: 'Gold', description: 'Only on Fridays.', rateLimits }
    expect((await world.own('POST', plans, gold)).status).toBe(201)
    expect((await world.own('PATCH', consumer, { plan: gold.name })).status).toBe(200)
    const opened = await openLink(world, textOf((await issue(world, shop)).body['link']))
    const told = { name: gold.name, title: gold.title, rateLimits }
    expect(opened.body['plan']).toEqual(told)
    const read = async (): Promise<unknown> =>
      (await world.call('GET', '/v1/portal', undefined, { cookie: cookieOf(opened) })).body['plan']
    expect(await read()).toEqual(told)
    await world.own('PATCH', `${plans}/${gold.name}`, { title: null, rateLimits: [] })
    expect(await read()).toEqual({ name: gold.name, title: null, rateLimits: [] })
    await world.own('PATCH', consumer, { plan: null })
    expect(await read()).toBeNull()
  })

  test('gives the cookie to HTTPS alone where people use HTTPS', async () => {
    await using secure = await openAcme({ publicUrl: () => 'https://console.example.com' })
    const made = await issue(secure, await newConsumer(secure))
    const opened = await openLink(secure, textOf(made.body['link']))
    expect(String(opened.headers['set-cookie'])).toMatch(
      /^__Secure-sallyport_portal=\w+; Max-Age=3600; Path=\/v1\/portal; HttpOnly; Secure; SameSite=Strict$/,
    )
  })

  test('is opened by nothing but the POST, once even if two come at the same time', async () => {
    const shop = await newConsumer(world)
    const link = textOf((await issue(world, shop)).body['link'])
    const secret = link.slice(link.indexOf('#') + 1)
    for (const method of ['GET', 'HEAD'] as const) {
      expect((await world.call(method, `/v1/portal/open?secret=${secret}`)).status).toBe(405)
      expect((await world.call(method, '/portal')).status).toBe(200)
    }
    const both = await Promise.all([openLink(world, link), openLink(world, link)])
    expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 410])
  })

  test('is unknown with one wrong character, and with the whole link as its secret', async () => {
    const shop = await newConsumer(world)
    const link = textOf((await issue(world, shop)).body['link'])
    const wrong = await openLink(world, `${link.slice(0, -1)}${link.endsWith('a') ? 'b' : 'a'}`)
    expect(verdict(wrong)).toEqual(INVALID)
    expect(wrong.body['state']).toBeUndefined()
    const whole = await world.call('POST', '/v1/portal/open', { secret: link })
    expect(verdict(whole)).toEqual([400, 'invalid_request'])
    expect((await openLink(world, link)).status).toBe(200)
  })

  test('works until the millisecond before its expiry', async () => {
    const shop = await newConsumer(world)
    const early = textOf((await issue(world, shop, { expiresInSeconds: 60 })).body['link'])
    const late = textOf((await issue(world, shop, { expiresInSeconds: 60 })).body['link'])
    world.clock.nowMs += 59_999
    const opened = await openLink(world, early)
    expect(opened.status).toBe(200)
    const headers = { cookie: cookieOf(opened) }
    expect((await world.call('GET', KEYS, undefined, headers)).status).toBe(200)
    world.clock.nowMs += 1
    expect((await openLink(world, late)).body).toMatchObject({ code: 'link_invalid', state: 'expired' })
    expect(verdict(await world.call('GET', KEYS, undefined, headers))).toEqual(ENDED)
  })

  test('is rate-limited by address when it is guessed', async () => {
    const address = newAddress()
    const guesses = []
    for (let count = 0; count < 31; count += 1)
      guesses.push((await openLink(world, `#${'0'.repeat(32)}`, address)).status)
    expect(guesses.slice(0, 30).every((status) => status === 410)).toBe(true)
    expect(guesses[30]).toBe(429)
  })

  test.each([
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['keys.read', 'keys.read'] }, '/scopes'],
    [{ scopes: ['keys.write'] }, '/scopes/0'],
    [{ expiresInSeconds: 59 }, '/expiresInSeconds'],
    [{ expiresInSeconds: 86_401 }, '/expiresInSeconds'],
    [{ returnUrl: 'http://shop.example.com/' }, '/returnUrl'],
    [{ returnUrl: 'javascript:alert(1)' }, '/returnUrl'],
    [{ roles: ['owner'] }, '/roles'],
  ])('is refused with %j', async (more, path) => {
    const { status, body } = await issue(world, await newConsumer(world), more)
    expect([status, body['errors']?.[0 as unknown as string]?.['path']]).toEqual([400, path])
  })

  test('is the same for a repeated request with an Idempotency-Key', async () => {
    const shop = await newConsumer(world)
    const headers = { ...world.owner, 'idempotency-key': 'portal-1' }
    const [first, second] = [await issue(world, shop, {}, headers), await issue(world, shop, {}, headers)]
    expect(second.body).toEqual(first.body)
  })

  test('is refused when the consumer has too many, until one ends', async () => {
    const shop = await newConsumer(world)
    const ids: string[] = []
    for (let count = 0; count < PORTAL_SESSIONS_PER_CONSUMER_MAX; count += 1)
      ids.push(textOf((await issue(world, shop)).body['id']))
    expect(verdict(await issue(world, shop))).toEqual([409, 'conflict'])
    await world.own('DELETE', `${ACME}/portal-sessions/${ids[0]}`)
    expect((await issue(world, shop)).status).toBe(201)
  })
})

describe('the list of portal sessions', () => {
  test('says how each stands, and never has a link', async () => {
    const shop = await newConsumer(world)
    const pending = textOf((await issue(world, shop)).body['id'])
    const open = await openPortal(world, shop)
    const ended = textOf((await issue(world, shop)).body['id'])
    await world.own('DELETE', `${ACME}/portal-sessions/${ended}`)
    // A second time changes nothing.
    expect((await world.own('DELETE', `${ACME}/portal-sessions/${ended}`)).status).toBe(200)
    const states = async () =>
      await Promise.all(
        [pending, open.id, ended].map(
          async (id) => (await world.own('GET', `${ACME}/portal-sessions/${id}`)).body['state'],
        ),
      )
    expect(await states()).toEqual(['pending', 'open', 'ended'])
    world.clock.nowMs += HOUR_MS
    expect(await states()).toEqual(['expired', 'expired', 'ended'])
    const { body } = await world.own('GET', `${ACME}/portal-sessions?limit=200`)
    expect(idsOf(body)).toEqual(expect.arrayContaining([pending, open.id, ended]))
    expect(JSON.stringify(body)).not.toMatch(/igest|#/)
  })

  test('does not exist for another organization', async () => {
    const id = textOf((await issue(world, await newConsumer(world))).body['id'])
    const rival = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
    const headers = { authorization: `Bearer ${textOf(rival.body['token'])}` }
    for (const path of [`${ACME}/portal-sessions/${id}`, `/v1/organizations/rival/portal-sessions/${id}`]) {
      expect((await world.call('GET', path, undefined, headers)).status).toBe(404)
      expect((await world.call('DELETE', path, undefined, headers)).status).toBe(404)
    }
    expect((await world.own('GET', `${ACME}/portal-sessions/${id}`)).body['state']).toBe('pending')
  })
})

describe('an open portal session', () => {
  test('serves the life of a key of its consumer', async () => {
    const shop = await newConsumer(world)
    const { id, headers } = await openPortal(world, shop)
    const made = await world.call('POST', KEYS, { name: 'Web shop' }, headers)
    expect(made.body['key']).toMatchObject({
      type: 'secret',
      consumer: shop.id,
      environment: 'test',
      roles: [],
      createdBy: `portal-session/${id}`,
    })
    const key = textOf(made.body['key']?.['id'])
    const listed = await world.call('GET', KEYS, undefined, headers)
    expect([new Set(idsOf(listed.body)), listed.body['total']]).toEqual([new Set([key, shop.key]), 2])
    const rolled = await world.call('POST', `${KEYS}/${key}/roll`, { graceSeconds: 60 }, headers)
    expect([rolled.status, rolled.body['key']?.['state']]).toEqual([200, 'rolling'])
    const rolling = await world.call('GET', `${KEYS}/${key}`, undefined, headers)
    expect(rolling.body['roll']).toMatchObject({ safeToFinish: true, reason: null })
    expect(rolling.body['roll']?.['secrets']).toHaveLength(2)
    expect((await world.call('POST', `${KEYS}/${key}/roll/undo`, {}, headers)).status).toBe(200)
    expect((await world.call('POST', `${KEYS}/${key}/roll`, {}, headers)).status).toBe(200)
    expect((await world.call('POST', `${KEYS}/${key}/roll/finish`, {}, headers)).status).toBe(200)
    const finished = await world.call('GET', `${KEYS}/${key}`, undefined, headers)
    expect(finished.body).toMatchObject({ state: 'active', roll: null })
    const removed = await world.call('DELETE', `${KEYS}/${key}`, undefined, headers)
    expect(removed.body['receipt']).toMatchObject({ confirmed: true })
    expect(idsOf((await world.call('GET', KEYS, undefined, headers)).body)).toEqual([shop.key])
    const events = await world.own('GET', `${ACME}/audit-events?limit=50&actor=portal-session/${id}`)
    expect(Object.values(events.body['items'] ?? {}).map((event) => event['action'])).toEqual([
      'keys.delete',
      'keys.roll.finish',
      'keys.roll',
      'keys.roll.undo',
      'keys.roll',
      'keys.create',
    ])
  })

  test('reads only the usage of its consumer', async () => {
    const [shop, other] = [await newConsumer(world), await newConsumer(world)]
    const { headers } = await openPortal(world, shop)
    const minuteMs = Math.floor(world.clock.nowMs / 60_000) * 60_000
    await world.store.addUsage(
      [shop, other].map(({ id, key }, index) => ({
        organization: 'acme',
        environment: 'test',
        project: 'default',
        pipeline: 'orders',
        version: '1.0',
        code: 'valid',
        consumer: id,
        keyId: key as KeyId,
        secretSequence: 1,
        isExternal: false,
        minuteMs,
        requests: 5 + index,
        lastUsedAtMs: minuteMs,
        lastUsedAddress: null,
        sources: [],
      })),
    )
    const read = async (query: string) =>
      await world.call('GET', `/v1/portal/usage?${query}`, undefined, headers)
    const groups = async (groupBy: string) =>
      Object.values((await read(`groupBy=${groupBy}`)).body['items'] ?? {}).map((sum) => [
        sum['group'],
        sum['requests'],
      ])
    expect(await groups('key')).toEqual([[shop.key, 5]])
    expect(await groups('pipeline')).toEqual([['orders', 5]])
    expect((await read(`key=${shop.key}&pipeline=orders`)).body['items']).toHaveLength(1)
    const trigger = { kind: 'http', path: '/not-of-the-shop', authentication: { apiKey: true } }
    const spec = { trigger, steps: [{ respond: { body: {} } }] }
    await world.own('POST', `${ACME}/pipelines`, { name: 'not-of-the-shop', spec })
    for (const [name, foreign, absent] of [
      ['key', other.key, 'key_0000000000000000'],
      ['pipeline', 'not-of-the-shop', 'nope'],
    ] as const) {
      const [hidden, none] = [await read(`${name}=${foreign}`), await read(`${name}=${absent}`)]
      expect(none.body['errors']).toEqual([
        { path: `query/${name}`, message: `There is no ${name} "${absent}".` },
      ])
      expect([hidden.status, JSON.stringify(hidden.body)]).toEqual([
        400,
        JSON.stringify(none.body).replaceAll(absent, foreign),
      ])
    }
    // What it may call by a project, it may know: the pipelines that are live in its environment, and no draft.
    await world.own('PATCH', `${ACME}/consumers/${shop.id}`, { projects: ['default'] })
    for (const [environment, status] of [
      [null, 400],
      ['prod', 400],
      ['test', 200],
    ] as const) {
      const deployed = { pipeline: 'not-of-the-shop', version: '1.0', environment }
      if (environment !== null) await world.own('POST', `${ACME}/deployments`, deployed)
      const known = await read('pipeline=not-of-the-shop')
      expect([environment, known.status]).toEqual([environment, status])
    }
    expect((await read('pipeline=nope')).status).toBe(400)
    await world.own('PATCH', `${ACME}/consumers/${shop.id}`, { projects: [] })
    for (const query of ['groupBy=consumer', `consumer=${other.id}`, 'environment=prod'])
      expect(verdict(await read(query))).toEqual([400, 'invalid_request'])
  })

  test('lists the live pipelines that its consumer may call, and no other', async () => {
    const publish = async (name: string, trigger: object, environment: string): Promise<void> => {
      const spec = { trigger, steps: [{ respond: { body: {} } }] }
      await world.own('POST', `${ACME}/pipelines`, { name, spec })
      await world.own('POST', `${ACME}/deployments`, { pipeline: name, version: '1.0', environment })
    }
    const http = (name: string) => ({ kind: 'http', path: `/${name}/:id`, authentication: { apiKey: true } })
    await publish('portal-mine', { ...http('portal-mine'), methods: ['GET', 'POST'] }, 'test')
    await publish('portal-other', http('portal-other'), 'test')
    const ownHosts = { hosts: ['shop.example', 'elsewhere.example'] }
    await publish('portal-hosted', { ...http('portal-hosted'), ...ownHosts }, 'test')
    await publish('portal-elsewhere', http('portal-elsewhere'), 'prod')
    await publish('portal-nightly', { kind: 'schedule', schedule: '0 3 * * *' }, 'test')
    await world.own('POST', `${ACME}/pipelines`, {
      name: 'portal-draft',
      spec: { trigger: http('portal-draft'), steps: [{ respond: { body: {} } }] },
    })
    const shop = await newConsumer(world)
    const { headers } = await openPortal(world, shop, { scopes: ['keys.read'] })
    const listed = async () =>
      (await world.call('GET', '/v1/portal/pipelines', undefined, headers)).body['items']
    expect(await listed()).toEqual([])
    const pipelines = ['portal-mine', 'portal-hosted', 'portal-elsewhere', 'portal-nightly', 'portal-draft']
    await world.own('PATCH', `${ACME}/consumers/${shop.id}`, { pipelines })
    const hosted = { pipeline: 'portal-hosted', url: 'https://shop.example/portal-hosted/:id' }
    const found = await listed()
    expect(found).toHaveLength(2)
    // Both can have been deployed within a millisecond.
    expect(found).toEqual(
      expect.arrayContaining([
        {
          pipeline: 'portal-mine',
          version: '1.0',
          url: 'https://shop.example/portal-mine/:id',
          methods: ['GET', 'POST'],
          authentication: { apiKey: true, jwt: false, basic: false },
        },
        expect.objectContaining(hosted),
      ]),
    )
    const deployed = async () =>
      (await world.own('GET', `${ACME}/deployments?pipeline=portal-hosted`)).body['items']
    expect(await deployed()).toMatchObject([hosted])
    // By its project, it may call every pipeline there; one that it may call both ways is listed once.
    await world.own('PATCH', `${ACME}/consumers/${shop.id}`, { projects: ['default'] })
    const byProject = Object.values((await listed()) ?? {}).map(({ pipeline }) => pipeline)
    expect(byProject).toEqual(expect.arrayContaining(['portal-mine', 'portal-other', 'portal-hosted']))
    expect(new Set(byProject).size).toBe(byProject.length)
    expect(byProject).not.toContain('portal-nightly')
    await world.own('PATCH', `${ACME}/consumers/${shop.id}`, { projects: [] })
    // The operator takes the host away.
    environments.delete('shop.example')
    expect(await listed()).toMatchObject([
      { pipeline: 'portal-mine', url: 'http://127.0.0.1:8081/acme/test/portal-mine/:id' },
    ])
    expect(await deployed()).toMatchObject([{ pipeline: 'portal-hosted', url: null }])
  })

  test.each([
    ['keys.read', 'GET', KEYS],
    ['keys.read', 'GET', `${KEYS}/KEY`],
    ['keys.create', 'POST', KEYS],
    ['keys.roll', 'POST', `${KEYS}/KEY/roll`],
    ['keys.roll', 'POST', `${KEYS}/KEY/roll/finish`],
    ['keys.roll', 'POST', `${KEYS}/KEY/roll/undo`],
    ['keys.delete', 'DELETE', `${KEYS}/KEY`],
    ['usage.read', 'GET', '/v1/portal/usage'],
  ] as const)('without the scope %s refuses %s %s', async (missing, method, path) => {
    const shop = await newConsumer(world)
    const scopes = ALL_SCOPES.filter((scope) => scope !== missing)
    const { headers } = await openPortal(world, shop, { scopes })
    const body = method === 'POST' ? { name: 'x' } : undefined
    const sent = path.includes('/roll') ? {} : body
    const answer = await world.call(method, path.replace('KEY', shop.key), sent, headers)
    expect([...verdict(answer), answer.body['permission']]).toEqual([403, 'permission_missing', missing])
  })

  test.each([
    ['GET', `${KEYS}/KEY`],
    ['POST', `${KEYS}/KEY/roll`],
    ['POST', `${KEYS}/KEY/roll/finish`],
    ['POST', `${KEYS}/KEY/roll/undo`],
    ['DELETE', `${KEYS}/KEY`],
  ] as const)('takes a key of another consumer for one that does not exist: %s %s', async (method, path) => {
    const { headers } = await openPortal(world, await newConsumer(world))
    const other = await newConsumer(world)
    const elsewhere = await newConsumer(world, 'prod')
    const own = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret' })
    const body = method === 'POST' ? {} : undefined
    for (const key of [other.key, elsewhere.key, textOf(own.body['key']?.['id']), 'key_0000000000000000']) {
      const answer = await world.call(method, path.replace('KEY', key), body, headers)
      expect([key, ...verdict(answer)]).toEqual([key, 404, 'not_found'])
    }
    expect((await world.own('GET', `${ACME}/keys/${other.key}`)).body['state']).toBe('active')
  })

  test('counts for nothing in the rest of the API, and neither keys nor people do in the portal', async () => {
    const shop = await newConsumer(world)
    const { headers } = await openPortal(world, shop)
    for (const path of [`${ACME}/keys`, `${ACME}/consumers/${shop.id}`, '/v1/whoami', '/v1/session'])
      expect(verdict(await world.call('GET', path, undefined, headers))).toEqual(ENDED)
    const created = { name: 'x', type: 'secret', roles: ['owner'] }
    expect(verdict(await world.call('POST', `${ACME}/keys`, created, headers))).toEqual(ENDED)
    const { headers: person } = await signedIn(world, { acme: ['owner'] })
    const token = headers.cookie.slice(headers.cookie.indexOf('=') + 1)
    for (const stranger of [
      world.owner,
      person,
      { ...headers, ...world.owner },
      { cookie: `sallyport_session=${token}` },
      { cookie: 'sallyport_portal=' },
      { cookie: `sallyport_portal=${'0'.repeat(32)}` },
    ])
      expect(verdict(await world.call('GET', KEYS, undefined, stranger))).toEqual(ENDED)
  })

  test('refuses requests that a page of another site causes', async () => {
    const shop = await newConsumer(world)
    const { headers } = await openPortal(world, shop)
    const roll = `${KEYS}/${shop.key}/roll`
    for (const foreign of [
      { origin: 'https://evil.example.com' },
      { 'sec-fetch-site': 'cross-site' },
      { 'content-type': 'text/plain' },
    ]) {
      const answer = await world.call('POST', roll, '', { ...headers, ...foreign })
      expect(verdict(answer)).toEqual([403, 'cross_origin'])
    }
    expect((await world.own('GET', `${ACME}/keys/${shop.key}`)).body['state']).toBe('active')
  })

  test('cannot make a consumer have too many keys, or the organization more than its quota', async () => {
    const shop = await newConsumer(world)
    const { headers } = await openPortal(world, shop)
    const create = async () => await world.call('POST', KEYS, { name: 'x' }, headers)
    const { body } = await world.own('GET', `${ACME}/quotas`)
    const used = Number(body['keys']?.['used'])
    keysMax = used + 1
    expect((await create()).status).toBe(201)
    expect(verdict(await create())).toEqual([403, 'quota_exceeded'])
    keysMax = null
    const more = await Promise.all(Array.from({ length: KEYS_PER_CONSUMER_MAX - 2 }, create))
    expect(new Set(more.map(({ status }) => status))).toEqual(new Set([201]))
    expect(verdict(await create())).toEqual([409, 'conflict'])
  })

  test('ends when it is left, withdrawn, or its consumer is removed', async () => {
    const shop = await newConsumer(world)
    const [left, withdrawn, orphan] = [
      await openPortal(world, shop),
      await openPortal(world, shop),
      await openPortal(world, shop),
    ]
    const pending = textOf((await issue(world, shop)).body['link'])
    const leaving = await world.call('DELETE', '/v1/portal', undefined, left.headers)
    expect([leaving.status, String(leaving.headers['set-cookie'])]).toEqual([
      204,
      expect.stringMatching(/^sallyport_portal=; .*Path=\/v1\/portal/),
    ])
    await world.own('DELETE', `${ACME}/portal-sessions/${withdrawn.id}`)
    const read = async ({ headers }: { readonly headers: { readonly cookie: string } }) =>
      verdict(await world.call('GET', KEYS, undefined, headers))
    expect([await read(left), await read(withdrawn), await read(orphan)]).toEqual([
      ENDED,
      ENDED,
      [200, undefined],
    ])
    await world.own('DELETE', `${ACME}/consumers/${shop.id}`)
    expect(await read(orphan)).toEqual(ENDED)
    expect((await openLink(world, pending)).body).toMatchObject({ code: 'link_invalid', state: 'withdrawn' })
    const lastActions = await Promise.all(
      [left, withdrawn, orphan].map(async ({ id }) => (await actionsOn(id)).at(-1)),
    )
    expect(lastActions).toEqual([
      ['portal-sessions.end', `portal-session/${left.id}`],
      ['portal-sessions.end', expect.stringMatching(/^key_/)],
      ['portal-sessions.end', expect.stringMatching(/^key_/)],
    ])
  })

  test('waits while its consumer is switched off, as does a link', async () => {
    const shop = await newConsumer(world)
    const link = textOf((await issue(world, shop)).body['link'])
    const { headers } = await openPortal(world, shop)
    const turn = async (status: string) =>
      await world.own('PATCH', `${ACME}/consumers/${shop.id}`, { status })
    await turn('inactive')
    expect(verdict(await world.call('GET', KEYS, undefined, headers))).toEqual(ENDED)
    expect(verdict(await openLink(world, link))).toEqual([409, 'conflict'])
    await turn('active')
    expect((await world.call('GET', KEYS, undefined, headers)).status).toBe(200)
    expect((await openLink(world, link)).status).toBe(200)
  })
})
