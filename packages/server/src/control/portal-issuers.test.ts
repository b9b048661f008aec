import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf, type AcmeWorld } from './testing/control-world.ts'
import { signedIn, verdict } from './testing/people.ts'
import { ALL_SCOPES, issue, newConsumer, openLink, openPortal } from './testing/portal.ts'

type Headers = Readonly<Record<string, string>>

const ENDED = [401, 'unauthenticated']
const KEYS = '/v1/portal/keys'
const EVERYTHING = ['consumers.open-portal', 'consumers.read', ...ALL_SCOPES]

let world: AcmeWorld
let roles = 0

beforeAll(async () => {
  world = await openAcme()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function roleOf(permissions: readonly string[], environment?: string): Promise<string> {
  roles += 1
  const name = `issuer-${roles}`
  const scope = environment === undefined ? {} : { environment }
  await world.own('POST', `${ACME}/roles`, {
    name,
    permissions: permissions.map((permission) => ({ permission, ...scope })),
  })
  return name
}

interface TestKey {
  readonly id: string
  readonly headers: Headers
}

async function keyWith(more: object): Promise<TestKey> {
  const made = await world.own('POST', `${ACME}/keys`, { name: 'backend', type: 'secret', ...more })
  return { id: textOf(made.body['key']?.['id']), headers: bearer(made.body['token']) }
}

const read = async (headers: Headers) => verdict(await world.call('GET', KEYS, undefined, headers))

describe('an issuer', () => {
  test.each([...ALL_SCOPES])('cannot give %s without having it for the environment', async (missing) => {
    const shop = await newConsumer(world)
    const others = EVERYTHING.filter((permission) => permission !== missing)
    const issuer = await keyWith({
      roles: [await roleOf(others), await roleOf([missing], 'prod')],
    })
    const refused = await issue(world, shop, {}, issuer.headers)
    expect([...verdict(refused), refused.body['permission']]).toEqual([403, 'permission_missing', missing])
    const scopes = ALL_SCOPES.filter((scope) => scope !== missing)
    expect((await issue(world, shop, { scopes }, issuer.headers)).status).toBe(201)
  })

  test('needs the permission to open portals, and to know the consumer', async () => {
    const shop = await newConsumer(world)
    const reader = await keyWith({ roles: [await roleOf(['consumers.read', ...ALL_SCOPES])] })
    const refused = await issue(world, shop, {}, reader.headers)
    expect([...verdict(refused), refused.body['permission']]).toEqual([
      403,
      'permission_missing',
      'consumers.open-portal',
    ])
    const elsewhere = await keyWith({ roles: ['owner'], environment: 'prod' })
    expect(verdict(await issue(world, shop, {}, elsewhere.headers))).toEqual([404, 'not_found'])
  })

  test('who is a person confirms who they are before they give away rolls and deletions', async () => {
    const shop = await newConsumer(world)
    const { headers } = await signedIn(world, { acme: ['owner'] })
    const nowMs = world.clock.nowMs
    world.clock.nowMs += 3_600_000
    expect(verdict(await issue(world, shop, {}, headers))).toEqual([403, 'step_up_required'])
    const reading = await issue(world, shop, { scopes: ['keys.read'] }, headers)
    world.clock.nowMs = nowMs
    expect(reading.status).toBe(201)
  })
})

describe('a portal session ends with', () => {
  test('the key that issued it: deleted, switched off, or expired', async () => {
    const shop = await newConsumer(world)
    const expiresAt = new Date(world.clock.nowMs + 60_000).toISOString()
    const [deleted, off, expiring] = [
      await keyWith({ roles: ['owner'] }),
      await keyWith({ roles: ['owner'] }),
      await keyWith({ roles: ['owner'], expiresAt }),
    ]
    const links = await Promise.all(
      [deleted, off].map(async ({ headers }) => textOf((await issue(world, shop, {}, headers)).body['link'])),
    )
    const sessions = []
    for (const { headers } of [deleted, off, expiring])
      sessions.push(await openPortal(world, shop, {}, headers))
    for (const { headers } of sessions) expect(await read(headers)).toEqual([200, undefined])
    const [last] = sessions.toReversed()
    const { body } = await world.own('GET', `${ACME}/portal-sessions/${last?.id ?? ''}`)
    expect(body['expiresAt']).toBe(expiresAt)

    await world.own('DELETE', `${ACME}/keys/${deleted.id}`)
    await world.own('PATCH', `${ACME}/keys/${off.id}`, { status: 'inactive' })
    world.clock.nowMs += 60_000
    for (const { headers } of sessions) {
      expect(await read(headers)).toEqual(ENDED)
      expect(verdict(await world.call('POST', KEYS, { name: 'x' }, headers))).toEqual(ENDED)
    }
    for (const link of links) expect(verdict(await openLink(world, link))).toEqual([410, 'link_invalid'])
  })

  test('the membership of the person who issued it, and shrinks with their roles', async () => {
    const shop = await newConsumer(world)
    const { id, headers: person } = await signedIn(world, { acme: ['key-manager'] })
    const { headers } = await openPortal(world, shop, {}, person)
    // The session does not need the person to stay signed in.
    await world.call('DELETE', '/v1/session', undefined, person)
    expect(await read(headers)).toEqual([200, undefined])

    const less = await roleOf(['consumers.open-portal', 'keys.read'])
    await world.own('PATCH', `${ACME}/members/${id}`, { roles: [less] })
    expect(await read(headers)).toEqual([200, undefined])
    expect((await world.call('GET', '/v1/portal', undefined, headers)).body['scopes']).toEqual(['keys.read'])
    const refused = await world.call('POST', `${KEYS}/${shop.key}/roll`, {}, headers)
    expect([...verdict(refused), refused.body['permission']]).toEqual([
      403,
      'permission_missing',
      'keys.roll',
    ])

    await world.own('PATCH', `${ACME}/members/${id}`, { roles: ['developer'] })
    expect(await read(headers)).toEqual(ENDED)
    await world.own('PATCH', `${ACME}/members/${id}`, { roles: ['key-manager'] })
    expect(await read(headers)).toEqual([200, undefined])
    await world.own('DELETE', `${ACME}/members/${id}`)
    expect(await read(headers)).toEqual(ENDED)
  })

  test('the external key that issued it', async () => {
    const shop = await newConsumer(world)
    const partner = await world.own('POST', '/v1/organizations', { slug: 'partner', name: 'Partner' })
    const headers = bearer(partner.body['token'])
    const keyId = textOf(partner.body['key']?.['id'])
    const added = await world.own('POST', `${ACME}/external-keys`, { keyId, roles: ['key-manager'] })
    const session = await openPortal(world, shop, {}, headers)
    expect(await read(session.headers)).toEqual([200, undefined])
    await world.own('PATCH', `${ACME}/external-keys/${textOf(added.body['id'])}`, { status: 'inactive' })
    expect(await read(session.headers)).toEqual(ENDED)
  })
})

describe('a portal session gives', () => {
  test('no key wider bounds than those of the key that issued it', async () => {
    const shop = await newConsumer(world)
    const expiresAt = new Date(world.clock.nowMs + 3_600_000).toISOString()
    const limits = [{ requests: 1000, per: 'minute', by: 'credential' }]
    const issuer = await keyWith({ roles: ['owner'], expiresAt, rateLimits: limits })
    const { headers } = await openPortal(world, shop, {}, issuer.headers)
    const create = async (more: object) => await world.call('POST', KEYS, { name: 'x', ...more }, headers)
    const later = new Date(Date.parse(expiresAt) + 1).toISOString()
    for (const more of [
      {},
      { expiresAt },
      { rateLimits: limits },
      { expiresAt: later, rateLimits: limits },
    ]) {
      const refused = await create(more)
      expect([...verdict(refused), refused.body['permission']]).toEqual([
        403,
        'permission_missing',
        'keys.create',
      ])
      expect(refused.body['detail']).toContain('the key that made the link')
    }
    expect((await create({ expiresAt, rateLimits: limits })).status).toBe(201)
    const roll = await world.call('POST', `${KEYS}/${shop.key}/roll`, {}, headers)
    expect(verdict(roll)).toEqual([403, 'permission_missing'])
  })

  test('no key that outlasts the old secret which issued it', async () => {
    const shop = await newConsumer(world)
    const issuer = await keyWith({ roles: ['owner'] })
    const rolled = await world.own('POST', `${ACME}/keys/${issuer.id}/roll`, { graceSeconds: 600 })
    const endsAt = textOf(rolled.body['key']?.['secrets']?.[0 as unknown as string]?.['expiresAt'])
    const old = await openPortal(world, shop, {}, issuer.headers)
    const created = async (headers: Headers, more: object) =>
      verdict(await world.call('POST', KEYS, { name: 'x', ...more }, headers))
    const refused = [403, 'permission_missing']
    expect(await created(old.headers, {})).toEqual(refused)
    const later = new Date(Date.parse(endsAt) + 1).toISOString()
    expect(await created(old.headers, { expiresAt: later })).toEqual(refused)
    expect(await created(old.headers, { expiresAt: endsAt })).toEqual([201, undefined])
    expect(verdict(await world.call('POST', `${KEYS}/${shop.key}/roll`, {}, old.headers))).toEqual(refused)

    const fresh = await openPortal(world, shop, {}, bearer(rolled.body['token']))
    expect(await created(fresh.headers, {})).toEqual([201, undefined])
  })

  test('no new token of a key whose roles permit something, however little', async () => {
    const shop = await newConsumer(world)
    const role = await roleOf(['keys.read'], 'test')
    const made = await world.own('POST', `${ACME}/keys`, {
      name: 'tool',
      type: 'secret',
      consumer: shop.id,
      roles: [role],
    })
    const key = textOf(made.body['key']?.['id'])
    const { headers } = await openPortal(world, shop)
    const refused = await world.call('POST', `${KEYS}/${key}/roll`, {}, headers)
    expect([...verdict(refused), refused.body['permission']]).toEqual([
      403,
      'permission_missing',
      'keys.read',
    ])
    await world.own('POST', `${ACME}/keys/${key}/roll`, {})
    const undo = await world.call('POST', `${KEYS}/${key}/roll/undo`, {}, headers)
    expect(verdict(undo)).toEqual([403, 'permission_missing'])
    // To finish takes something away, as to delete does.
    expect((await world.call('POST', `${KEYS}/${key}/roll/finish`, {}, headers)).status).toBe(200)
    expect((await world.call('DELETE', `${KEYS}/${key}`, undefined, headers)).status).toBe(200)
  })

  test('nothing at addresses where the key that issued it does not work', async () => {
    const shop = await newConsumer(world)
    const issuer = await keyWith({ roles: ['owner'], addressRules: ['127.0.0.0/8'] })
    const link = textOf((await issue(world, shop, {}, issuer.headers)).body['link'])
    expect(verdict(await openLink(world, link, '203.0.113.1'))).toEqual([403, 'address_not_allowed'])
    const opened = await openLink(world, link, '127.0.0.9')
    expect(opened.status).toBe(200)
    const cookie = String(opened.headers['set-cookie']).split(';', 1)[0] ?? ''
    const from = async (remoteAddress: string) =>
      (await world.app.inject({ url: KEYS, remoteAddress, headers: { cookie } })).statusCode
    expect([await from('127.0.0.1'), await from('203.0.113.1')]).toEqual([200, 403])
  })

  test('no more requests than the key that issued it has', async () => {
    const shop = await newConsumer(world)
    const rateLimits = [{ requests: 2, per: 'hour', by: 'credential' }]
    const issuer = await keyWith({ roles: ['owner'], rateLimits })
    // To make the link is the first of its two requests.
    const { headers } = await openPortal(world, shop, {}, issuer.headers)
    expect(await read(headers)).toEqual([200, undefined])
    expect(await read(headers)).toEqual([429, 'rate_limited'])
    expect((await world.call('GET', '/v1/whoami', undefined, issuer.headers)).status).toBe(429)
  })
})
