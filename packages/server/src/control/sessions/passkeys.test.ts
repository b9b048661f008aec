import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Tampering, virtualAuthenticator } from '../../identity/testing/virtual-authenticator.ts'
import { ACME, type AcmeWorld, type Json, textOf } from '../testing/control-world.ts'
import { addPasskey, openPasskeyWorld, PUBLIC_URL, registration } from '../testing/passkeys.ts'
import { signedIn, signIn, verdict } from '../testing/people.ts'

const PASSKEYS = '/v1/person/passkeys'
const MINUTE_MS = 60_000

let world: AcmeWorld

beforeAll(async () => {
  world = await openPasskeyWorld()
  await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

type Headers = Awaited<ReturnType<typeof signedIn>>['headers']

const add = async (headers: Headers, body: unknown, more = {}) =>
  await world.call('POST', PASSKEYS, body, { ...headers, ...more })

async function list(headers: Headers): Promise<readonly Json[]> {
  const { body } = await world.call('GET', PASSKEYS, undefined, headers)
  return Object.values(body['items'] ?? {})
}

describe('a passkey', () => {
  test('is added, listed, renamed and removed, and each organization of the person records it', async () => {
    const { id: person, headers } = await signedIn(world, { acme: ['auditor'], rival: ['owner'] })
    const device = virtualAuthenticator(PUBLIC_URL)
    const body = await registration(world, headers, device)
    const added = await add(headers, body)
    expect(added).toMatchObject({
      status: 201,
      body: { name: 'Laptop', synced: false, lastUsedAt: null },
    })
    const id = textOf(added.body['id'])
    expect(await list(headers)).toEqual([added.body])
    const renamed = await world.call('PATCH', `${PASSKEYS}/${id}`, { name: ' Phone ' }, headers)
    expect(renamed).toMatchObject({ status: 200, body: { ...added.body, name: 'Phone' } })
    expect((await world.call('DELETE', `${PASSKEYS}/${id}`, undefined, headers)).status).toBe(204)
    expect(await list(headers)).toEqual([])

    for (const organization of ['acme', 'rival']) {
      const { items } = await world.store.read.audit.list(organization, { limit: 200 })
      const events = items.filter(({ target }) => target === `member/${person}`)
      expect(events.map(({ action, actor }) => [action, actor]).slice(-3)).toEqual([
        ['passkeys.add', person],
        ['passkeys.rename', person],
        ['passkeys.remove', person],
      ])
      expect(events.at(-2)).toMatchObject({ before: { id, name: 'Laptop' }, after: { id, name: 'Phone' } })
      const text = JSON.stringify(events)
      expect(text).not.toContain(body.response.id)
      expect(text).not.toContain('publicKey')
    }
  })

  test('belongs to one person', async () => {
    const ann = await signedIn(world, { acme: ['owner'] })
    const bob = await signedIn(world, { acme: ['owner'] })
    const { id } = await addPasskey(world, ann.headers)
    expect(await list(bob.headers)).toEqual([])
    const change = await world.call('PATCH', `${PASSKEYS}/${id}`, { name: 'Mine' }, bob.headers)
    expect(verdict(change)).toEqual([404, 'not_found'])
    const removal = await world.call('DELETE', `${PASSKEYS}/${id}`, undefined, bob.headers)
    expect(verdict(removal)).toEqual([404, 'not_found'])
    expect(await list(ann.headers)).toHaveLength(1)
  })

  test('needs a session, and keys have none', async () => {
    for (const [method, path, body] of [
      ['GET', PASSKEYS, undefined],
      ['POST', `${PASSKEYS}/options`, {}],
      ['POST', PASSKEYS, {}],
      ['PATCH', `${PASSKEYS}/pky_1`, { name: 'x' }],
      ['DELETE', `${PASSKEYS}/pky_1`, undefined],
      ['POST', '/v1/session/step-up/passkey-options', {}],
    ] as const) {
      expect(verdict(await world.call(method, path, body))).toEqual([401, 'unauthenticated'])
      expect(verdict(await world.own(method, path, body))).toEqual([401, 'unauthenticated'])
    }
  })

  test('is known at one person only', async () => {
    const ann = await signedIn(world)
    const bob = await signedIn(world)
    const body = await registration(world, ann.headers, virtualAuthenticator(PUBLIC_URL))
    expect((await add(ann.headers, body)).status).toBe(201)
    const { credentialId } = (await world.store.read.passkeys.ofPerson(ann.id))[0] ?? {}
    // The authenticator of the other person claims the same credential.
    const device = virtualAuthenticator(PUBLIC_URL)
    const claimed = await registration(world, bob.headers, device, {
      authenticatorData: (bytes) => {
        Buffer.from(credentialId ?? '', 'base64url').copy(bytes, 55)
        return bytes
      },
    })
    const response = { ...claimed.response, id: credentialId, rawId: credentialId }
    const refused = await add(bob.headers, { ...claimed, response })
    expect(verdict(refused)).toEqual([409, 'conflict'])
    expect(await list(bob.headers)).toEqual([])
  })

  test('is not made twice by one authenticator', async () => {
    const { headers } = await signedIn(world)
    const { device } = await addPasskey(world, headers)
    await expect(registration(world, headers, device)).rejects.toThrow('InvalidStateError')
  })
})

describe('adding a passkey', () => {
  test('needs a confirmation within five minutes, and removing one too', async () => {
    const person = await signedIn(world)
    const { id } = await addPasskey(world, person.headers)
    world.clock.nowMs += 5 * MINUTE_MS
    const { headers } = person
    const refusals = [
      await world.call('POST', `${PASSKEYS}/options`, {}, { ...headers }),
      await world.call('DELETE', `${PASSKEYS}/${id}`, undefined, headers),
    ]
    expect(refusals.map(verdict)).toEqual([
      [403, 'step_up_required'],
      [403, 'step_up_required'],
    ])
    const renamed = await world.call('PATCH', `${PASSKEYS}/${id}`, { name: 'Other' }, headers)
    expect(renamed.status).toBe(200)
    expect(await list(headers)).toHaveLength(1)
  })

  test('can be completed until five minutes after it was begun', async () => {
    const { headers } = await signedIn(world)
    const device = virtualAuthenticator(PUBLIC_URL)
    world.clock.nowMs += 5 * MINUTE_MS - 1
    const body = await registration(world, headers, device)
    world.clock.nowMs += 5 * MINUTE_MS - 1
    expect((await add(headers, body)).status).toBe(201)
    const other = await signedIn(world)
    const late = await registration(world, other.headers, device)
    world.clock.nowMs += 5 * MINUTE_MS
    expect(await add(other.headers, late)).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/ticket' }] },
    })
  })

  test('is completed once, by the person and in the session that began it', async () => {
    const ann = await signedIn(world)
    const bob = await signedIn(world)
    const body = await registration(world, ann.headers, virtualAuthenticator(PUBLIC_URL))
    const otherSession = await signIn(world, ann)
    for (const headers of [bob.headers, otherSession]) {
      const refused = await add(headers, body)
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: '/ticket' }] } })
    }
    const answers = await Promise.all(Array.from({ length: 4 }, () => add(ann.headers, body)))
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '400', '400', '400'])
    expect(await list(ann.headers)).toHaveLength(1)
    expect(await list(bob.headers)).toEqual([])
  })

  test('is repeated with the same Idempotency-Key', async () => {
    const { headers } = await signedIn(world)
    const body = await registration(world, headers, virtualAuthenticator(PUBLIC_URL))
    const once = { 'idempotency-key': 'add-1' }
    const first = await add(headers, body, once)
    expect(first.status).toBe(201)
    const again = await add(headers, body, once)
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(await list(headers)).toHaveLength(1)
  })

  test('again ends what was begun before', async () => {
    const { headers } = await signedIn(world)
    const device = virtualAuthenticator(PUBLIC_URL)
    const first = await registration(world, headers, device)
    const second = await registration(world, headers, device)
    expect((await add(headers, first)).status).toBe(400)
    expect((await add(headers, second)).status).toBe(201)
  })

  const cases: readonly [string, Tampering, string][] = [
    ['without verification of the user', { flags: { userVerified: false } }, 'PIN'],
    ['at another origin', { origin: 'http://localhost:8081' }, 'public URL'],
    ['for another relying party', { rpId: 'example.com' }, 'does not match the options'],
    ['with another challenge', { challenge: 'AAAA' }, 'does not match the options'],
    ['with an attestation by a certificate', { attestation: 'certificate' }, 'attestation'],
    ['with a weak key', { coseKey: (key) => new Map([...key, [-1, 2]]) }, 'key'],
  ]
  test.each(cases)('is refused %s, and then succeeds with the same ticket', async (_, tampering, advice) => {
    const { headers } = await signedIn(world)
    const device = virtualAuthenticator(PUBLIC_URL)
    const body = await registration(world, headers, device, tampering)
    const refused = await add(headers, body)
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [{ path: '/response', message: expect.stringContaining(advice) }],
      },
    })
    expect(await list(headers)).toEqual([])
    const { challenge } = JSON.parse(
      Buffer.from(body.response.response.clientDataJSON, 'base64url').toString(),
    ) as { challenge: string }
    if (tampering.challenge !== undefined) return
    const response = device.create({
      rp: { id: 'localhost' },
      user: { id: 'cA' },
      challenge,
      pubKeyCredParams: [{ alg: -7 }],
    })
    expect((await add(headers, { ...body, response })).status).toBe(201)
  })

  test('names fields that are too long', async () => {
    const { headers } = await signedIn(world)
    const { response, ...rest } = await registration(world, headers, virtualAuthenticator(PUBLIC_URL))
    const long = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64url')
    for (const [member, value] of [
      ['attestationObject', long(8193)],
      ['clientDataJSON', long(4097)],
      ['transports', Array(11).fill('usb')],
      ['transports', ['USB']],
    ] as const) {
      const changed = { ...response, response: { ...response.response, [member]: value } }
      const answer = await add(headers, { ...rest, response: changed })
      expect(answer.status).toBe(400)
      expect(textOf(answer.body['errors']?.['0']?.['path'])).toContain(`/response/response/${member}`)
    }
    for (const name of ['', 'x'.repeat(129), 'two\nlines']) {
      const answer = await add(headers, { ...rest, response, name })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/name' }] } })
    }
  })

  test('stops at twenty passkeys, also of several that were begun', async () => {
    const { id: person, headers } = await signedIn(world)
    await world.store.write(async (tx) => {
      for (let index = 0; index < 19; index += 1) {
        await tx.passkeys.insert({
          person,
          id: `pky_${index}`,
          credentialId: `of-${person}-${index}`,
          name: 'Old',
          publicKey: '',
          signCount: 0,
          backupEligible: false,
          transports: [],
          createdAtMs: world.clock.nowMs,
          lastUsedAtMs: null,
        })
      }
    })
    const { id } = await addPasskey(world, headers)
    const refused = await world.call('POST', `${PASSKEYS}/options`, {}, { ...headers })
    expect(verdict(refused)).toEqual([409, 'conflict'])
    expect(refused.body['detail']).toContain('20')
    await world.call('DELETE', `${PASSKEYS}/${id}`, undefined, headers)
    expect((await world.call('POST', `${PASSKEYS}/options`, {}, { ...headers })).status).toBe(200)
  })
})

test('the last way to sign in cannot be removed', async () => {
  const { id: person, headers } = await signedIn(world)
  const { id } = await addPasskey(world, headers)
  const { id: second } = await addPasskey(world, headers)
  await world.store.write(async (tx) => {
    const row = await tx.people.get(person)
    if (row !== undefined) await tx.people.update({ ...row, passwordHash: null })
    // The settings no longer have this provider, so it signs nobody in.
    const account = { provider: 'gone', subject: person, email: 'ann@example.com' }
    await tx.providerLinks.insert({ person, ...account, createdAtMs: world.clock.nowMs })
  })
  expect((await world.call('DELETE', `${PASSKEYS}/${id}`, undefined, headers)).status).toBe(204)
  const last = await world.call('DELETE', `${PASSKEYS}/${second}`, undefined, headers)
  expect(verdict(last)).toEqual([409, 'conflict'])
  expect(await list(headers)).toHaveLength(1)
})

test('a page of another site adds no passkey', async () => {
  const { headers } = await signedIn(world, { acme: ['owner'] })
  const origin = { origin: 'https://evil.example' }
  const answer = await world.call('POST', `${PASSKEYS}/options`, {}, { ...headers, ...origin })
  expect(answer.body['code']).toBe('cross_origin')
  const visitor = await world.call('POST', '/v1/auth/passkeys/options', {}, origin)
  expect(visitor.body['code']).toBe('cross_origin')
  expect((await world.call('GET', `${ACME}/keys`, undefined, headers)).status).toBe(200)
})
