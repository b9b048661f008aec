import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ACME,
  openAcme,
  openControlWorld,
  SETUP_TOKEN,
  textOf,
  type AcmeWorld,
} from '../testing/control-world.ts'
import { addPerson, cookieOf, PASSWORD, signedIn, signIn, verdict } from '../testing/people.ts'

const HOUR_MS = 3_600_000
const SIGN_IN = '/v1/auth/sign-in'

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme({ controlHosts: ['console.example'] })
  await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

describe('set-up', () => {
  test('creates the first owner, who signs in and may do everything', async () => {
    await using empty = await openControlWorld()
    const owner = { email: 'Olivia@Example.com', name: 'Olivia', password: PASSWORD }
    const request = { setupToken: SETUP_TOKEN, organization: { slug: 'acme', name: 'Acme' }, owner }
    const refused = await empty.call('POST', '/v1/setup', {
      ...request,
      owner: { ...owner, password: 'short' },
    })
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: '/owner/password' }] } })
    const headers = { 'idempotency-key': 'one' }
    expect((await empty.call('GET', '/v1/setup')).body).toEqual({ done: false })
    const made = await empty.call('POST', '/v1/setup', request, headers)
    expect(made).toMatchObject({
      status: 201,
      body: { member: { email: 'olivia@example.com', name: 'Olivia' } },
    })
    expect((await empty.call('GET', '/v1/setup')).body).toEqual({ done: true })
    expect((await empty.call('POST', '/v1/setup', request, headers)).body).toEqual(made.body)
    const signed = await empty.call('POST', SIGN_IN, { email: 'OLIVIA@example.com', password: PASSWORD })
    expect(signed).toMatchObject({ status: 200, body: { member: made.body['member'] } })
    const cookie = cookieOf(signed)
    const session = await empty.call('GET', '/v1/session', undefined, { cookie })
    expect(session.body['organizations']).toMatchObject([{ slug: 'acme', name: 'Acme', roles: ['owner'] }])
    const key = { name: 'ci', type: 'secret', roles: ['owner'] }
    const created = await empty.call('POST', `${ACME}/keys`, key, { cookie })
    expect(created).toMatchObject({ status: 201, body: { key: { createdBy: made.body['member']?.['id'] } } })
    expect(empty.log()).not.toContain(PASSWORD)
  })
})

describe('a sign-in', () => {
  test('answers with a cookie that scripts of pages cannot read, and describes the session', async () => {
    const { id, email } = await addPerson(world, { acme: ['auditor'], rival: ['owner'] })
    const answer = await world.call('POST', SIGN_IN, { email: ` ${email.toUpperCase()}`, password: PASSWORD })
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^sallyport_session=[0-9A-Za-z]{32}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
      expect.stringMatching(/^sallyport_device=[\w.-]+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
    const cookie = cookieOf(answer)
    const session = await world.call('GET', '/v1/session', undefined, { cookie })
    expect(session).toMatchObject({
      status: 200,
      body: {
        member: { id, email },
        organizations: [
          { slug: 'acme', name: 'Acme', roles: ['auditor'] },
          { slug: 'rival', name: 'Rival', roles: ['owner'] },
        ],
        secondFactorRequired: false,
        csrfToken: answer.body['csrfToken'],
      },
    })
    const [inAcme, inRival] = Object.values(session.body['organizations'] ?? {}).map(
      ({ permissions }) => permissions,
    )
    expect(inAcme).toContainEqual({ permission: 'keys.read' })
    expect(inAcme).not.toContainEqual({ permission: 'keys.create' })
    expect(inRival).toContainEqual({ permission: 'keys.create' })
    expect(session.headers['set-cookie']).toBeUndefined()
  })

  test('over HTTPS has the prefix that binds the cookie to the host', async () => {
    await using secure = await openAcme({ publicUrl: () => 'https://console.example.com' })
    const { email } = await addPerson(secure, { acme: ['auditor'] })
    const answer = await secure.call('POST', SIGN_IN, { email, password: PASSWORD })
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-sallyport_session=\w{32}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
      expect.stringMatching(/^__Host-sallyport_device=.*; HttpOnly; Secure; SameSite=Lax$/),
    ])
    const value = cookieOf(answer)
    expect((await secure.call('GET', '/v1/session', undefined, { cookie: value })).status).toBe(200)
    // Another host of the domain could set a cookie without the prefix.
    const plain = value.replace('__Host-', '')
    expect((await secure.call('GET', '/v1/session', undefined, { cookie: plain })).status).toBe(401)
  })

  test('fails alike for a wrong password, an unknown address, and a person without a password', async () => {
    const { id, email } = await addPerson(world, { acme: ['auditor'] })
    const other = await addPerson(world)
    const row = await world.store.read.people.get(other.id)
    if (row === undefined) throw new Error('no person')
    await world.store.write((tx) => tx.people.update({ ...row, passwordHash: null }))
    const answers = await Promise.all(
      [
        { email, password: 'wrong' },
        { email: 'nobody@example.com', password: PASSWORD },
        { email: other.email, password: PASSWORD },
        { email: 'not an address', password: PASSWORD },
        { email, password: `${PASSWORD} ` },
      ].map((body) => world.call('POST', SIGN_IN, body)),
    )
    for (const answer of answers) {
      expect(verdict(answer)).toEqual([401, 'sign_in_failed'])
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.headers['www-authenticate']).toBeDefined()
    }
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(await world.store.read.sessions.ofPerson(id, 0)).toEqual([])
  })

  test('that was verified with a password which is replaced meanwhile opens no session', async () => {
    const { id, email } = await addPerson(world)
    const row = await world.store.read.people.get(id)
    if (row === undefined) throw new Error('no person')
    let replaced: Promise<unknown> | undefined
    await using racing = await openAcme({}, (store) => ({
      ...store,
      read: {
        ...store.read,
        people: {
          ...store.read.people,
          byEmail: async (address) => {
            const found = await store.read.people.byEmail(address)
            if (found !== undefined) {
              replaced ??= store.write((tx) => tx.people.update({ ...found, passwordHash: 'other' }))
            }
            return found
          },
        },
      },
      write: (work, by) => store.write(work, by),
    }))
    await racing.store.write((tx) => tx.people.insert(row))
    const answer = await racing.call('POST', SIGN_IN, { email, password: PASSWORD })
    await replaced
    expect(verdict(answer)).toEqual([401, 'sign_in_failed'])
  })
})

describe('a session', () => {
  test('acts with the roles of the person, in each organization with those there', async () => {
    const { headers } = await signedIn(world, { acme: ['auditor'], rival: ['developer'] })
    const call = async (method: 'GET' | 'POST', path: string, body?: unknown) =>
      verdict(await world.call(method, path, body, headers))
    expect(await call('GET', `${ACME}/keys`)).toEqual([200, undefined])
    const project = { name: 'shop' }
    expect(await call('POST', `${ACME}/projects`, project)).toEqual([403, 'permission_missing'])
    const pipeline = { name: 'p', spec: { trigger: { kind: 'rest' }, steps: [{ respond: {} }] } }
    expect((await call('POST', '/v1/organizations/rival/pipelines', pipeline))[0]).toBe(201)
    expect(await call('POST', `${ACME}/pipelines`, pipeline)).toEqual([403, 'permission_missing'])
    expect(await call('GET', '/v1/organizations/nobody/keys')).toEqual([404, 'not_found'])
  })

  test('of somebody in no organization sees none, and can found one', async () => {
    const { id, headers } = await signedIn(world)
    expect(verdict(await world.call('GET', `${ACME}/keys`, undefined, headers))).toEqual([404, 'not_found'])
    const made = await world.call('POST', '/v1/organizations', { slug: 'startup', name: 'Startup' }, headers)
    expect(made).toMatchObject({ status: 201, body: { organization: { slug: 'startup' } } })
    const session = await world.call('GET', '/v1/session', undefined, headers)
    expect(session.body['organizations']).toMatchObject([
      { slug: 'startup', name: 'Startup', roles: ['owner'] },
    ])
    const list = await world.call('GET', '/v1/organizations', undefined, headers)
    expect(list.body['items']).toMatchObject([{ slug: 'startup' }])
    const events = Object.values((await world.own('GET', `${ACME}/audit-events`)).body['items'] ?? {})
    expect(events.filter((event) => textOf(event['actor']) === id)).toMatchObject([
      { action: 'organizations.create', target: 'organization/startup' },
    ])
  })

  test('ends after 12 hours without use, and after 14 days however much it is used', async () => {
    const { headers } = await signedIn(world, { acme: ['auditor'] })
    const status = async () => (await world.call('GET', '/v1/session', undefined, headers)).status
    const start = world.clock.nowMs
    world.clock.nowMs += 11 * HOUR_MS
    expect(await status()).toBe(200)
    world.clock.nowMs += 12 * HOUR_MS - 1
    expect(await status()).toBe(200)
    world.clock.nowMs += 12 * HOUR_MS
    expect(await status()).toBe(401)
    const { headers: used } = await signedIn(world, { acme: ['auditor'] })
    const born = world.clock.nowMs
    const usedStatus = async () => (await world.call('GET', `${ACME}/keys`, undefined, used)).status
    for (let hours = 10; hours < 14 * 24; hours += 10) {
      world.clock.nowMs = born + hours * HOUR_MS
      expect([hours, await usedStatus()]).toEqual([hours, 200])
    }
    world.clock.nowMs = born + 14 * 24 * HOUR_MS
    expect(await usedStatus()).toBe(401)
    expect(world.clock.nowMs).toBeGreaterThan(start)
  })

  test('can be ended by itself, alone and with all others; a wrong one is refused', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const later = async () => {
      world.clock.nowMs += 1
      return await signIn(world, person)
    }
    const [one, two, three] = [await later(), await later(), await later()]
    const stranger = await signedIn(world)
    const others = async (headers: { readonly cookie: string }) =>
      Object.values((await world.call('GET', '/v1/session/others', undefined, headers)).body['items'] ?? {})
    const [first, second] = await others(one)
    expect(await others(one)).toHaveLength(2)
    expect(first).toMatchObject({ method: 'password', userAgent: 'lightMyRequest', address: '127.0.0.1' })
    const path = `/v1/session/others/${textOf(second?.['id'])}`
    expect((await world.call('DELETE', path, undefined, stranger.headers)).status).toBe(404)
    expect((await world.call('DELETE', path, undefined, one)).status).toBe(204)
    expect((await world.call('DELETE', path, undefined, one)).status).toBe(404)
    const status = async (headers: { readonly cookie: string }) =>
      (await world.call('GET', '/v1/session', undefined, headers)).status
    expect([await status(one), await status(two), await status(three)]).toEqual([200, 200, 401])
    expect((await world.call('DELETE', '/v1/session/others', undefined, one)).status).toBe(204)
    expect([await status(one), await status(two)]).toEqual([200, 401])
    const out = await world.call('DELETE', '/v1/session', undefined, one)
    expect([out.status, out.headers['set-cookie']]).toEqual([204, expect.stringContaining('Max-Age=0')])
    expect(await status(one)).toBe(401)
    for (const cookie of ['', 'sallyport_session=', 'sallyport_session=x', 'other=1']) {
      expect(await status({ cookie })).toBe(401)
    }
  })

  test('is confirmed by the password for five minutes, under a new token', async () => {
    const { headers } = await signedIn(world, { acme: ['owner'] })
    const stepUp = async (password: string, cookie = headers.cookie) =>
      await world.call('POST', '/v1/session/step-up', { password }, { cookie })
    world.clock.nowMs += HOUR_MS
    expect(verdict(await stepUp('wrong'))).toEqual([401, 'sign_in_failed'])
    const confirmed = await stepUp(PASSWORD)
    expect(confirmed.status).toBe(204)
    const cookie = cookieOf(confirmed)
    expect(cookie).not.toBe(headers.cookie)
    expect((await stepUp(PASSWORD)).status).toBe(401)
    const session = await world.call('GET', '/v1/session', undefined, { cookie })
    expect(session.body['confirmedAt']).toBe(new Date(world.clock.nowMs).toISOString())
  })

  test('is not a key, and a key is not a session', async () => {
    const { headers } = await signedIn(world, { acme: ['auditor'] })
    expect(verdict(await world.call('GET', '/v1/whoami', undefined, headers))).toEqual([
      401,
      'unauthenticated',
    ])
    expect(verdict(await world.own('GET', '/v1/session'))).toEqual([401, 'unauthenticated'])
    // A request with both acts as its key.
    const both = await world.own('POST', `${ACME}/projects`, { name: 'both' }, headers)
    expect(both.status).toBe(201)
    const wrong = { ...headers, authorization: 'Bearer sp_sk_wrong' }
    expect((await world.call('GET', `${ACME}/keys`, undefined, wrong)).status).toBe(401)
  })
})

describe('a request of another site', () => {
  test('is refused if it changes something', async () => {
    const { headers } = await signedIn(world, { acme: ['owner'] })
    const own = { origin: 'http://127.0.0.1:8080' }
    const create = async (more: Record<string, string>) =>
      verdict(
        await world.call(
          'POST',
          `${ACME}/projects`,
          { name: `p${Math.random().toString(36).slice(2)}` },
          {
            ...headers,
            ...more,
          },
        ),
      )
    const refused = [403, 'cross_origin']
    expect((await create({}))[0]).toBe(201)
    expect((await create(own))[0]).toBe(201)
    expect((await create({ 'sec-fetch-site': 'same-origin' }))[0]).toBe(201)
    // The host that the request was sent to.
    expect((await create({ host: 'Console.example', origin: 'https://console.example' }))[0]).toBe(201)
    for (const more of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:8081' },
      { origin: 'http://127.0.0.1:8080.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', ...own },
    ] as Record<string, string>[]) {
      expect([more, await create(more)]).toEqual([more, refused])
    }
    const read = await world.call('GET', `${ACME}/keys`, undefined, {
      ...headers,
      origin: 'https://evil.example',
    })
    expect(read.status).toBe(200)
    const login = await world.call(
      'POST',
      SIGN_IN,
      { email: 'x@example.com', password: 'x' },
      { origin: 'null' },
    )
    expect(verdict(login)).toEqual(refused)
  })

  test('that an old browser sends without its origin needs the token of a page', async () => {
    const { headers } = await signedIn(world, { acme: ['owner'] })
    const { csrfToken } = (await world.call('GET', '/v1/session', undefined, headers)).body
    const roll = `${ACME}/environments/test/signing-keys/rotate`
    const post = async (more: Record<string, string>) =>
      (await world.call('POST', roll, undefined, { ...headers, ...more })).body['code']
    expect(await post({})).toBe('cross_origin')
    expect(await post({ 'x-csrf-token': 'wrong' })).toBe('cross_origin')
    expect(await post({ 'content-type': 'text/plain' })).toBe('cross_origin')
    expect(await post({ 'x-csrf-token': textOf(csrfToken) })).not.toBe('cross_origin')
    expect(await post({ origin: 'http://127.0.0.1:8080' })).not.toBe('cross_origin')
    // A key needs no such proof.
    expect((await world.own('POST', roll, undefined, { origin: 'https://evil.example' })).status).toBe(200)
  })
})

describe('too many failures', () => {
  test('of one account from one address are refused, also when the password is right at last', async () => {
    const victim = await addPerson(world, { acme: ['auditor'] })
    const other = await addPerson(world, { acme: ['auditor'] })
    const attempt = async (email: string, password: string, address = '192.0.2.1') => {
      const answer = await world.app.inject({
        method: 'POST',
        url: SIGN_IN,
        payload: { email, password },
        remoteAddress: address,
      })
      return [answer.statusCode, answer.json<{ code?: string }>().code]
    }
    // At the same time, so that a limit which counts only what has failed already lets all through.
    const results = await Promise.all(
      Array.from({ length: 15 }, () => attempt(victim.email, 'wrong', '198.51.100.1')),
    )
    expect(results.filter(([status]) => status === 401)).toHaveLength(10)
    expect(results.filter(([status]) => status === 429)).toHaveLength(5)
    expect(await attempt(victim.email, PASSWORD, '198.51.100.1')).toEqual([429, 'rate_limited'])
    // The person can sign in elsewhere, and another person here.
    expect(await attempt(victim.email, PASSWORD)).toEqual([200, undefined])
    expect(await attempt(other.email, PASSWORD, '198.51.100.1')).toEqual([200, undefined])
    const unknown = await Promise.all(
      Array.from({ length: 15 }, () => attempt('unknown@example.com', 'x', '203.0.113.1')),
    )
    expect(unknown.filter(([status]) => status === 429)).toHaveLength(5)
    world.clock.nowMs += HOUR_MS
    expect(await attempt(victim.email, PASSWORD, '198.51.100.1')).toEqual([200, undefined])
    // A success forgets the failures.
    for (let round = 0; round < 12; round += 1) {
      expect(await attempt(victim.email, 'wrong')).toEqual([401, 'sign_in_failed'])
      if (round % 8 === 7) expect(await attempt(victim.email, PASSWORD)).toEqual([200, undefined])
    }
  })

  test('from one address or network are refused, whatever the account', async () => {
    const attempt = async (email: string, address: string) =>
      (
        await world.app.inject({
          method: 'POST',
          url: SIGN_IN,
          payload: { email, password: 'x' },
          remoteAddress: address,
        })
      ).statusCode
    const statuses: number[] = []
    for (let index = 0; index < 31; index += 1) {
      statuses.push(await attempt(`a${index}@example.com`, `2001:db8:0:1::${index.toString(16)}`))
    }
    expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true)
    expect(statuses[30]).toBe(429)
    expect(await attempt('b@example.com', '2001:db8:0:2::1')).toBe(401)
  })
})
