import { HAND_OVERS_PER_ORGANIZATION_MAX } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openingOf, secretOf, tokenIn } from '../../../../test/support/hand-over-link.ts'
import { expireHandOvers } from '../app/hand-overs/expire-hand-overs.ts'
import { handOver } from '../store/testing/examples/hand-overs.ts'
import { ACME, type Answer, bearer, type Json, textOf } from './testing/control-world.ts'
import { openMailWorld, PUBLIC_URL, type MailWorld } from './testing/mails.ts'
import { signedIn, verdict } from './testing/people.ts'

const HOUR_MS = 3_600_000
const OPEN = '/v1/hand-overs/open'
const INVALID = [410, 'link_invalid']

let mails: MailWorld
let callers = 0

beforeAll(async () => {
  mails = await openMailWorld()
})

afterAll(async () => {
  await mails[Symbol.asyncDispose]()
})

/** A key whose token is in a link. */
interface Handed {
  readonly key: string
  readonly id: string
  readonly link: string
  readonly expiresAt: string
}

function handed({ body }: Answer): Handed {
  const made = body['handOver'] as Json
  const [id, link, expiresAt] = [textOf(made['id']), textOf(made['link']), textOf(made['expiresAt'])]
  return { key: textOf(body['key']?.['id']), id, link, expiresAt }
}

const key = (more: object = {}) => ({ name: 'Courier', type: 'secret', environment: 'test', ...more })
const forHours = (expiresInHours: number) => ({ handOver: { expiresInHours } })

async function create(more: object = {}, headers?: Record<string, string>): Promise<Handed> {
  const { world } = mails
  const answer = await world.own('POST', `${ACME}/keys`, key({ ...forHours(24), ...more }), headers)
  expect([answer.status, answer.body['token']]).toEqual([201, undefined])
  return handed(answer)
}

/** Opens a link, each time from another address, because failures of one address are limited. */
async function open(link: string, changes: object = {}, address = newAddress()): Promise<Answer> {
  const payload = { ...(await openingOf(link)), ...changes }
  const answer = await mails.world.app.inject({
    method: 'POST',
    url: OPEN,
    remoteAddress: address,
    headers: { 'user-agent': 'Test Browser' },
    payload,
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Json>() }
}

function newAddress(): string {
  callers += 1
  return `198.51.${callers >> 8}.${callers & 255}`
}

async function listed(
  id: string,
  headers: Record<string, string> = mails.world.owner,
): Promise<Json | undefined> {
  const { body } = await mails.world.call('GET', `${ACME}/hand-overs?limit=200`, undefined, headers)
  return Object.values(body['items'] ?? {}).find((item) => textOf(item['id']) === id)
}

async function audited(id: string): Promise<Json[]> {
  const { body } = await mails.world.own('GET', `${ACME}/audit-events?limit=50&target=hand-over/${id}`)
  return Object.values(body['items'] ?? {}).toReversed()
}

const actionsOn = async (id: string) => (await audited(id)).map((event) => event['action'])

test('the link of a new key shows its token once, and says so to everybody who comes later', async () => {
  const { world } = mails
  const { link, id, key: keyId, expiresAt } = await create()
  expect(link.startsWith(`${PUBLIC_URL}/hand-over#${id}.`)).toBe(true)
  expect(Date.parse(expiresAt) - world.clock.nowMs).toBe(24 * HOUR_MS)
  expect(await listed(id)).toMatchObject({
    key: keyId,
    environment: 'test',
    state: 'pending',
    openedAt: null,
  })
  const opened = await open(link, {}, '203.0.113.9')
  expect(opened.status).toBe(200)
  expect(opened.body).toMatchObject({
    organization: { slug: 'acme', name: 'Acme' },
    key: { id: keyId, name: 'Courier', environment: 'test', expiresAt: null },
  })
  const token = await tokenIn(opened.body, link)
  const whoami = await world.call('GET', '/v1/whoami', undefined, bearer(token as unknown as Json))
  expect(whoami.body).toMatchObject({ key: { id: keyId } })
  const openedAt = new Date(world.clock.nowMs).toISOString()
  expect(await listed(id)).toMatchObject({
    state: 'opened',
    openedAt,
    endedAt: openedAt,
    address: '203.0.113.9',
    userAgent: 'Test Browser',
  })
  const again = await open(link)
  expect(verdict(again)).toEqual(INVALID)
  expect(again.body).toMatchObject({ state: 'opened', endedAt: openedAt })
  expect((await audited(id)).map(({ action, actor }) => [action, actor])).toEqual([
    ['hand-overs.create', expect.stringMatching(/^key_/)],
    ['hand-overs.open', 'visitor'],
  ])
  expect(await world.store.read.handOvers.get('acme', id)).toMatchObject({ sealed: null })
  const everything = JSON.stringify([await audited(id), await listed(id)]) + world.log()
  for (const secret of [token, secretOf(link), (await openingOf(link)).proof]) {
    expect(everything).not.toContain(secret)
  }
})

test('a wrong proof and an unknown id get the same answer, and end nothing', async () => {
  const [one, other] = [await create(), await create()]
  const { proof } = await openingOf(other.link)
  const refused = [
    await open(one.link, { proof }),
    await open(one.link, { proof: 'x' }),
    await open(one.link, { id: 'hov_0000000000000000' }),
    await open(one.link, { id: 'none' }),
  ]
  expect(refused.map(verdict)).toEqual(refused.map(() => INVALID))
  for (const { body } of refused) expect(body).toEqual(refused[0]?.body)
  expect(refused[0]?.body).not.toHaveProperty('state')
  expect((await open(one.link)).status).toBe(200)
  const opened = await open(one.link, { proof })
  expect(opened.body).toEqual(refused[0]?.body)
})

test('of many openings at the same time, exactly one gets the token', async () => {
  const { link } = await create()
  const answers = await Promise.all(Array.from({ length: 8 }, async () => await open(link)))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(7).fill(410)])
})

test('a link is open up to its last millisecond, and expires once in the audit log', async () => {
  const { world } = mails
  const [first, second] = [await create(forHours(1)), await create(forHours(1))]
  world.clock.nowMs = Date.parse(second.expiresAt) - 1
  expect((await open(first.link)).status).toBe(200)
  world.clock.nowMs += 1
  const late = await open(second.link)
  expect(verdict(late)).toEqual(INVALID)
  expect(late.body).toMatchObject({ state: 'expired', endedAt: second.expiresAt })
  expect(await listed(second.id)).toMatchObject({ state: 'expired', endedAt: second.expiresAt })
  const { store, clock } = world
  const context = { store, nowMs: () => clock.nowMs, ...mails.deps }
  await Promise.all([expireHandOvers(context), expireHandOvers(context)])
  expect(await actionsOn(second.id)).toEqual(['hand-overs.create', 'hand-overs.expire'])
  expect(await actionsOn(first.id)).toEqual(['hand-overs.create', 'hand-overs.open'])
  expect(await store.read.handOvers.get('acme', second.id)).toMatchObject({ sealed: null })
  expect((await open(second.link)).body).toEqual(late.body)
})

test('a withdrawn link shows nothing; an opened one cannot be withdrawn', async () => {
  const { world } = mails
  const [one, other] = [await create(), await create()]
  const remove = async (id: string) => await world.own('DELETE', `${ACME}/hand-overs/${id}`)
  expect((await remove(one.id)).status).toBe(200)
  expect((await open(one.link)).body).toMatchObject({ code: 'link_invalid', state: 'withdrawn' })
  expect((await remove(one.id)).status).toBe(200)
  expect(await actionsOn(one.id)).toEqual(['hand-overs.create', 'hand-overs.withdraw'])
  expect((await open(other.link)).status).toBe(200)
  expect(verdict(await remove(other.id))).toEqual([409, 'conflict'])
  expect(verdict(await remove('hov_0000000000000000'))).toEqual([404, 'not_found'])
})

describe('a link ends with what it shows', () => {
  const stateOf = async (link: string) => (await open(link)).body['state']
  const roll = async (id: string, body: object) =>
    await mails.world.own('POST', `${ACME}/keys/${id}/roll`, body)

  test('when its key is deleted, or its consumer removed', async () => {
    const { world } = mails
    const deleted = await create()
    await world.own('DELETE', `${ACME}/keys/${deleted.key}`)
    expect(await stateOf(deleted.link)).toBe('withdrawn')
    const made = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
    const consumer = textOf(made.body['consumer']?.['id'])
    const owned = await create({ consumer })
    await world.own('DELETE', `${ACME}/consumers/${consumer}`)
    expect(await stateOf(owned.link)).toBe('withdrawn')
    expect(await actionsOn(owned.id)).toEqual(['hand-overs.create', 'hand-overs.withdraw'])
  })

  test('when its secret ends: by the undo of its roll, or by the end of the next one', async () => {
    const { world } = mails
    const first = await create()
    const rolled = await roll(first.key, { graceSeconds: 3600, ...forHours(24) })
    expect([rolled.status, rolled.body['token'], rolled.body['receipt']?.['confirmed']]).toEqual([
      200,
      undefined,
      true,
    ])
    const second = handed(rolled)
    // The first link ends with the grace, which began with the roll.
    expect(await listed(first.id)).toMatchObject({
      expiresAt: new Date(world.clock.nowMs + HOUR_MS).toISOString(),
    })
    await world.own('POST', `${ACME}/keys/${first.key}/roll/undo`)
    expect(await stateOf(second.link)).toBe('withdrawn')
    const third = handed(await roll(first.key, forHours(24)))
    await world.own('POST', `${ACME}/keys/${first.key}/roll/finish`)
    expect(await stateOf(first.link)).toBe('withdrawn')
    expect((await open(third.link)).status).toBe(200)
    const fourth = await create()
    await roll(fourth.key, { graceSeconds: 0 })
    expect(await stateOf(fourth.link)).toBe('withdrawn')
  })

  test('when its key expires, also if that changes later', async () => {
    const { world } = mails
    const inHours = (hours: number) => new Date(world.clock.nowMs + hours * HOUR_MS).toISOString()
    const short = await create({ expiresAt: inHours(2) })
    expect(short.expiresAt).toBe(inHours(2))
    const long = await create()
    const patch = async (expiresAt: string | null) =>
      await world.own('PATCH', `${ACME}/keys/${long.key}`, { expiresAt })
    await patch(inHours(30))
    expect(await listed(long.id)).toMatchObject({ expiresAt: long.expiresAt })
    await patch(inHours(3))
    expect(await listed(long.id)).toMatchObject({ expiresAt: inHours(3) })
    await patch(null)
    expect(await listed(long.id)).toMatchObject({ expiresAt: inHours(3) })
  })

  test('but waits while the key or its consumer is switched off', async () => {
    const { world } = mails
    const made = await world.own('POST', `${ACME}/consumers`, { name: 'off', environment: 'test' })
    const consumer = `${ACME}/consumers/${textOf(made.body['consumer']?.['id'])}`
    const { key: keyId, link } = await create({ consumer: made.body['consumer']?.['id'] })
    for (const path of [`${ACME}/keys/${keyId}`, consumer]) {
      expect((await world.own('PATCH', path, { status: 'inactive' })).status).toBe(200)
      expect(verdict(await open(link))).toEqual([409, 'conflict'])
      await world.own('PATCH', path, { status: 'active' })
    }
    expect((await open(link)).status).toBe(200)
  })
})

test('neither HEAD nor GET of the page opens a link, and nobody but the page may use its parts', async () => {
  const { world } = mails
  const { link, id } = await create()
  const path = new URL(link).pathname
  for (const method of ['GET', 'HEAD'] as const) {
    const { status, headers } = await world.call(method, path, undefined, { purpose: 'prefetch' })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    )
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(verdict(await world.call(method, OPEN))[0]).toBe(405)
  }
  expect(await listed(id)).toMatchObject({ state: 'pending' })
  const other = { origin: 'https://elsewhere.example.com', 'sec-fetch-site': 'cross-site' }
  expect(verdict(await world.call('POST', OPEN, await openingOf(link), other))).toEqual([403, 'cross_origin'])
  expect((await open(link)).status).toBe(200)
})

test('a member who may read only the keys of one environment sees only the links of these', async () => {
  const { world } = mails
  const role = { name: 'test-keys', permissions: [{ permission: 'keys.read', environment: 'test' }] }
  await world.own('POST', `${ACME}/roles`, role)
  const { headers } = await signedIn(world, { acme: ['test-keys'] })
  const [seen, hidden, everywhere] = [
    await create(),
    await create({ environment: 'prod' }),
    await create({ environment: null }),
  ]
  const read = async (id: string) =>
    verdict(await world.call('GET', `${ACME}/hand-overs/${id}`, undefined, headers))
  expect(await listed(seen.id, headers)).toBeDefined()
  expect(await read(seen.id)).toEqual([200, undefined])
  const withdrawn = async (id: string) =>
    verdict(await world.call('DELETE', `${ACME}/hand-overs/${id}`, undefined, headers))
  expect(await withdrawn(seen.id)).toEqual([403, 'permission_missing'])
  for (const { id } of [hidden, everywhere]) {
    expect(await listed(id, headers)).toBeUndefined()
    expect(await read(id)).toEqual([404, 'not_found'])
    expect(await withdrawn(id)).toEqual([404, 'not_found'])
  }
})

test('a repeated request gets the same link, which is stored sealed', async () => {
  const { world } = mails
  const once = { 'idempotency-key': 'hand-over-1' }
  const [first, second] = [await create({}, once), await create({}, once)]
  expect(second).toEqual(first)
  const { value: row } = await world.store.write(async (tx) => {
    const actor = (await world.own('GET', '/v1/whoami')).body['key']?.['id']
    return await tx.idempotency.find(textOf(actor), 'hand-over-1')
  })
  expect(row?.sealedResult).toMatch(/^v1\./)
  expect((await open(first.link)).status).toBe(200)
})

test('refuses links for public keys, for a key that rolls itself, and of other times than 1 to 168 hours', async () => {
  const { world } = mails
  const refusal = async (path: string, body: object) => {
    const { status, body: problem } = await world.own('POST', path, body)
    return [status, problem['errors']?.['0']?.['path']]
  }
  const keys = `${ACME}/keys`
  expect(await refusal(keys, { name: 'p', type: 'public', ...forHours(1) })).toEqual([400, '/handOver'])
  const published = await world.own('POST', keys, { name: 'p', type: 'public' })
  const roll = `${keys}/${textOf(published.body['key']?.['id'])}/roll`
  expect(await refusal(roll, forHours(1))).toEqual([400, '/handOver'])
  expect(await refusal('/v1/keys/self/roll', forHours(1))).toEqual([400, '/handOver'])
  for (const hours of [0, 169, 1.5]) {
    expect(await refusal(keys, key(forHours(hours)))).toEqual([400, '/handOver/expiresInHours'])
  }
  for (const hours of [1, 168]) await create(forHours(hours))
})

test('an organization has at most 200 pending links', async () => {
  const { world } = mails
  await world.own('POST', '/v1/organizations', { slug: 'many', name: 'Many' })
  const { headers } = await signedIn(world, { many: ['owner'] })
  const keys = '/v1/organizations/many/keys'
  const post = async () => await world.call('POST', keys, key(forHours(1)), headers)
  const first = handed(await post())
  await world.store.write(async (tx) => {
    const stored = await tx.handOvers.find(first.id)
    if (stored === undefined) throw new Error('the link is not stored')
    for (let index = 1; index < HAND_OVERS_PER_ORGANIZATION_MAX; index += 1) {
      await tx.handOvers.insert(
        handOver('many', `hov_${index}`, stored.key, { expiresAtMs: stored.expiresAtMs }),
        1,
      )
    }
    const event = { organization: 'many', atMs: 0, actor: 'setup', before: null, after: null }
    tx.audit({ ...event, action: 'hand-overs.create', target: 'hand-over/many' })
  })
  expect(verdict(await post())).toEqual([409, 'conflict'])
  await world.call('DELETE', `/v1/organizations/many/hand-overs/hov_1`, undefined, headers)
  expect((await post()).status).toBe(201)
})

test('an address that tries too many links is told to wait, and a right one opens there all the same', async () => {
  const { link } = await create()
  const address = '203.0.113.200'
  for (let attempt = 0; attempt < 30; attempt += 1) await open(link, { proof: 'guess' }, address)
  expect(verdict(await open(link, { proof: 'guess' }, address))).toEqual([429, 'rate_limited'])
  expect((await open(link, {}, address)).status).toBe(200)
})

test('the person who made a link is told by mail when it is opened, expires, or another withdraws it', async () => {
  const { world, deps } = mails
  const creator = await signedIn(world, { acme: ['key-manager'] })
  const make = async () =>
    handed(await world.call('POST', `${ACME}/keys`, key({ name: 'Till', ...forHours(1) }), creator.headers))
  const [opened, withdrawn, own] = [await make(), await make(), await make()]
  await open(opened.link, {}, '203.0.113.77')
  const [first] = await mails.mailsTo(creator.email, 1)
  expect(first?.header('subject')).toBe('The link to a key of Acme was opened')
  expect(first?.text).toContain('Your link to the key "Till" of "Acme" on Sallyport was opened')
  expect(first?.text).toContain('Address: 203.0.113.77\nDevice: Test Browser')
  await world.call('DELETE', `${ACME}/hand-overs/${own.id}`, undefined, creator.headers)
  await world.own('DELETE', `${ACME}/hand-overs/${withdrawn.id}`)
  const [, second] = await mails.mailsTo(creator.email, 2)
  expect(second?.header('subject')).toBe('The link to a key of Acme was withdrawn')
  await make()
  world.clock.nowMs += HOUR_MS
  const { store, clock } = world
  await expireHandOvers({ store, nowMs: () => clock.nowMs, ...deps })
  const all = await mails.mailsTo(creator.email, 3)
  expect(all[2]?.header('subject')).toBe('The link to a key of Acme expired')
  for (const { source } of all) expect(source).not.toContain(secretOf(opened.link))
})
