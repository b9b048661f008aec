import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenDigest } from '../../crypto/digest.ts'
import { userHandleOf } from '../../identity/passkeys/ceremony-options.ts'
import { type Tampering, virtualAuthenticator } from '../../identity/testing/virtual-authenticator.ts'
import { ACME, type AcmeWorld, type Answer, openAcme } from '../testing/control-world.ts'
import {
  addPasskey,
  openPasskeyWorld,
  PUBLIC_URL,
  signInProof,
  signInWithPasskey,
  stepUpProof,
} from '../testing/passkeys.ts'
import { cookieOf, signedIn, verdict } from '../testing/people.ts'

const SIGN_IN = '/v1/auth/passkeys/sign-in'
const STEP_UP = '/v1/session/step-up'
const MINUTE_MS = 60_000
const REFUSED = [401, 'sign_in_failed']

let world: AcmeWorld

beforeAll(async () => {
  world = await openPasskeyWorld()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** A member with a passkey. */
async function personWithPasskey(device = virtualAuthenticator(PUBLIC_URL), roles = ['owner']) {
  const person = await signedIn(world, { acme: roles })
  const { id: passkey } = await addPasskey(world, person.headers, device)
  return { ...person, passkey, device }
}

const sessionsOf = async (person: string) => await world.store.read.sessions.ofPerson(person, 0)

/** The answer without what differs between any two. */
const comparable = ({ status, headers, body }: Answer) => ({
  status,
  body,
  names: Object.keys(headers).toSorted(),
})

describe('a sign-in with a passkey', () => {
  test.each(['ES256', 'EdDSA', 'RS256'] as const)('opens a session by %s', async (algorithm) => {
    const { id, email, device, passkey } = await personWithPasskey(
      virtualAuthenticator(PUBLIC_URL, { algorithm }),
    )
    world.clock.nowMs += 1000
    const answer = await signInWithPasskey(world, device)
    expect(answer).toMatchObject({ status: 200, body: { member: { id, email } } })
    const headers = { cookie: cookieOf(answer) }
    const session = await world.call('GET', '/v1/session', undefined, headers)
    expect(session.body).toMatchObject({
      organizations: [{ slug: 'acme', roles: ['owner'] }],
      secondFactorRequired: false,
      csrfToken: answer.body['csrfToken'],
    })
    const sessions = await sessionsOf(id)
    const nowMs = world.clock.nowMs
    expect(sessions.at(-1)).toMatchObject({
      method: 'passkey',
      secondFactorAtMs: nowMs,
      confirmedAtMs: nowMs,
    })
    expect(await world.store.read.passkeys.get(id, passkey)).toMatchObject({
      signCount: 2,
      lastUsedAtMs: nowMs,
    })
    expect((await world.call('GET', `${ACME}/keys`, undefined, headers)).status).toBe(200)
  })

  test('works again and again with a synced passkey, which has no counter', async () => {
    const device = virtualAuthenticator(PUBLIC_URL, {
      counts: false,
      flags: { backupEligible: true, backedUp: true },
    })
    const { headers } = await personWithPasskey(device)
    for (const backedUp of [true, false, true]) {
      expect((await signInWithPasskey(world, device, { flags: { backedUp } })).status).toBe(200)
    }
    const { body } = await world.call('GET', '/v1/person/passkeys', undefined, headers)
    expect(body['items']).toMatchObject([{ synced: true }])
  })

  test('signs in whoever the passkey belongs to, though somebody else is signed in', async () => {
    const { id, device } = await personWithPasskey()
    const other = await signedIn(world, { acme: ['auditor'] })
    const proof = await signInProof(world, device)
    const answer = await world.call('POST', SIGN_IN, proof, { ...other.headers })
    expect(answer).toMatchObject({ status: 200, body: { member: { id } } })
    expect(cookieOf(answer)).not.toBe(other.headers.cookie)
  })
})

describe('a sign-in is refused, always with the same answer and without a session,', () => {
  const cases: readonly [string, Tampering, string][] = [
    ['without verification of the user', { flags: { userVerified: false } }, 'user_not_verified'],
    ['without the user', { flags: { userPresent: false } }, 'user_not_present'],
    ['at another origin', { origin: 'http://localhost:8081' }, 'wrong_origin'],
    ['at an origin that starts alike', { origin: `${PUBLIC_URL}.evil.example` }, 'wrong_origin'],
    ['in a frame of another page', { clientData: { crossOrigin: true } }, 'wrong_origin'],
    ['for another relying party', { rpId: 'evil.example' }, 'wrong_relying_party'],
    ['with another challenge', { challenge: 'AAAA' }, 'wrong_challenge'],
    ['with a registration', { type: 'webauthn.create' }, 'wrong_ceremony'],
    ['with a tampered signature', { signsWithOtherKey: true }, 'signature_invalid'],
    ['with the counter of before', { signCount: 1 }, 'counter_went_back'],
    ['with no counter after one', { signCount: 0 }, 'counter_went_back'],
    ['without a user handle', { userHandle: null }, 'wrong_user'],
    ['with the user handle of somebody else', { userHandle: userHandleOf('mem_x') }, 'wrong_user'],
    [
      'with a passkey that became one for several devices',
      { flags: { backupEligible: true } },
      'backup_changed',
    ],
  ]

  test.each(cases)('%s', async (_, tampering, fault) => {
    const { id, device, passkey } = await personWithPasskey()
    const before = await world.store.read.passkeys.get(id, passkey)
    const logged = world.log().length
    const proof = await signInProof(world, device, tampering)
    const answer = await world.call('POST', SIGN_IN, proof)
    const unknown = await world.call('POST', SIGN_IN, { ...proof, ticket: 'unknown' })
    expect(comparable(answer)).toEqual(comparable(unknown))
    expect(verdict(answer)).toEqual(REFUSED)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(await sessionsOf(id)).toHaveLength(1)
    expect(await world.store.read.passkeys.get(id, passkey)).toEqual(before)
    expect(world.log().slice(logged)).toContain(`"fault":"${fault}"`)
    // The authenticator can answer again.
    expect(await world.store.read.tickets.find(tokenDigest(proof.ticket))).toBeDefined()
    expect((await signInWithPasskey(world, device)).status).toBe(200)
  })

  test('with an unknown passkey', async () => {
    const stranger = virtualAuthenticator(PUBLIC_URL)
    stranger.create({
      rp: { id: 'localhost' },
      user: { id: userHandleOf('mem_x') },
      challenge: 'AAAA',
      pubKeyCredParams: [{ alg: -7 }],
    })
    expect(verdict(await signInWithPasskey(world, stranger))).toEqual(REFUSED)
  })

  test('with a ticket that was used, has ended, or is for something else', async () => {
    const { device, headers } = await personWithPasskey()
    const proof = await signInProof(world, device)
    expect((await world.call('POST', SIGN_IN, proof)).status).toBe(200)
    expect(verdict(await world.call('POST', SIGN_IN, proof))).toEqual(REFUSED)

    const late = await signInProof(world, device)
    world.clock.nowMs += 5 * MINUTE_MS
    expect(verdict(await world.call('POST', SIGN_IN, late))).toEqual(REFUSED)
    const early = await signInProof(world, device)
    world.clock.nowMs += 5 * MINUTE_MS - 1
    expect((await world.call('POST', SIGN_IN, early)).status).toBe(200)

    const stepUp = await stepUpProof(world, headers, device)
    expect(verdict(await world.call('POST', SIGN_IN, stepUp.passkey))).toEqual(REFUSED)
    const other = await signInProof(world, device)
    const swapped = { ...other, response: (await signInProof(world, device)).response }
    expect(verdict(await world.call('POST', SIGN_IN, swapped))).toEqual(REFUSED)
  })

  test('for any change of what was signed, and not for what was signed', async () => {
    const { device } = await personWithPasskey()
    const { ticket, response } = await signInProof(world, device)
    const flipped = (text: string, index: number) => {
      const bytes = Buffer.from(text, 'base64url')
      bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index)
      return bytes.toString('base64url')
    }
    const { signature, authenticatorData } = response.response
    for (const changed of [
      { signature: flipped(signature, 12) },
      { signature: Buffer.alloc(70, 1).toString('base64url') },
      { authenticatorData: flipped(authenticatorData, 0) },
      { authenticatorData: flipped(authenticatorData, 32) },
      { authenticatorData: flipped(authenticatorData, 33) },
    ]) {
      const tampered = { ...response, response: { ...response.response, ...changed } }
      expect(verdict(await world.call('POST', SIGN_IN, { ticket, response: tampered }))).toEqual(REFUSED)
    }
    expect((await world.call('POST', SIGN_IN, { ticket, response })).status).toBe(200)
  })

  test('with a passkey that was removed', async () => {
    const { device, headers, passkey } = await personWithPasskey()
    const proof = await signInProof(world, device)
    const removed = await world.call('DELETE', `/v1/person/passkeys/${passkey}`, undefined, headers)
    expect(removed.status).toBe(204)
    expect(verdict(await world.call('POST', SIGN_IN, proof))).toEqual(REFUSED)
  })

  test('all but once for the same ticket at the same time', async () => {
    const { id, device } = await personWithPasskey()
    const proof = await signInProof(world, device)
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.call('POST', SIGN_IN, proof)))
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual([
      '200',
      ...Array<string>(5).fill('401'),
    ])
    expect(await sessionsOf(id)).toHaveLength(2)
  })

  test('for one of two that come with the same counter at the same time', async () => {
    const { id, device } = await personWithPasskey()
    const proofs = [
      await signInProof(world, device, { signCount: 9 }),
      await signInProof(world, device, { signCount: 9 }),
    ]
    const answers = await Promise.all(proofs.map((proof) => world.call('POST', SIGN_IN, proof)))
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '401'])
    expect(await sessionsOf(id)).toHaveLength(2)
  })
})

test('a copy of a passkey is logged as a warning, without anything that identifies its key', async () => {
  const { id, device, passkey } = await personWithPasskey()
  const logged = world.log().length
  await signInWithPasskey(world, device, { signCount: 1 })
  const lines = world.log().slice(logged)
  expect(lines).toMatch(new RegExp(`"level":(?:40|"warn").*another authenticator has a copy`))
  expect(lines).toContain(passkey)
  const row = await world.store.read.passkeys.get(id, passkey)
  for (const secret of [row?.credentialId, row?.publicKey]) expect(lines).not.toContain(secret)
})

test('a person who is no longer a member signs in and may do nothing there', async () => {
  const { id, device } = await personWithPasskey()
  await world.store.write(async (tx) => {
    await tx.members.remove('acme', id)
    tx.audit({
      organization: 'acme',
      atMs: world.clock.nowMs,
      actor: 'setup',
      action: 'members.remove',
      target: `member/${id}`,
      before: null,
      after: null,
    })
  })
  const headers = { cookie: cookieOf(await signInWithPasskey(world, device)) }
  const session = await world.call('GET', '/v1/session', undefined, headers)
  expect(session.body['organizations']).toEqual([])
  expect(verdict(await world.call('GET', `${ACME}/keys`, undefined, headers))).toEqual([404, 'not_found'])
})

describe('a field that is too long or no base64url is named, and ends no ticket', () => {
  const long = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64url')
  const inner: readonly [string, unknown][] = [
    ['clientDataJSON', long(4097)],
    ['authenticatorData', long(1025)],
    ['authenticatorData', long(36)],
    ['signature', long(513)],
    ['userHandle', long(65)],
    ['userHandle', ''],
    ['signature', 'not base64url'],
    ['signature', 5],
    ['clientDataJSON', undefined],
  ]
  test.each(inner)('%s', async (member, value) => {
    const { device } = await personWithPasskey()
    const { ticket, response } = await signInProof(world, device)
    const changed = { ...response, response: { ...response.response, [member]: value } }
    const answer = await world.call('POST', SIGN_IN, { ticket, response: changed })
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ path: `/response/response/${member}` }] },
    })
    expect((await world.call('POST', SIGN_IN, { ticket, response })).status).toBe(200)
  })

  const outer: readonly [string, unknown][] = [
    ['id', long(1024)],
    ['id', long(15)],
    ['rawId', undefined],
    ['type', 'password'],
  ]
  test.each(outer)('%s', async (member, value) => {
    const { device } = await personWithPasskey()
    const { ticket, response } = await signInProof(world, device)
    const changed = { ...response, [member]: value }
    const answer = await world.call('POST', SIGN_IN, { ticket, response: changed })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: `/response/${member}` }] } })
  })
})

/** Gives a person a second factor: an authenticator app that was confirmed. */
async function addSecondFactor(person: string): Promise<void> {
  const nowMs = world.clock.nowMs
  await world.store.write((tx) =>
    tx.secondFactors.saveAuthenticator({
      person,
      sealedSecret: 'sealed',
      createdAtMs: nowMs,
      confirmedAtMs: nowMs,
      lastStep: null,
    }),
  )
}

describe.each([
  ['without a second factor', false],
  ['with a second factor', true],
])('a person %s', (_, hasSecondFactor) => {
  test('signs in with a passkey that verified them, and needs nothing else', async () => {
    const { id, device } = await personWithPasskey()
    if (hasSecondFactor) await addSecondFactor(id)
    const answer = await signInWithPasskey(world, device)
    expect(answer.status).toBe(200)
    const headers = { cookie: cookieOf(answer) }
    const session = await world.call('GET', '/v1/session', undefined, headers)
    expect(session.body).toMatchObject({ secondFactorRequired: false, organizations: [{ slug: 'acme' }] })
    expect((await world.call('GET', `${ACME}/keys`, undefined, headers)).status).toBe(200)
  })

  test('never signs in with a passkey that did not verify them', async () => {
    const { id, device } = await personWithPasskey()
    if (hasSecondFactor) await addSecondFactor(id)
    const before = await sessionsOf(id)
    for (const flags of [
      { userVerified: false },
      { userVerified: false, userPresent: false },
      { userVerified: false, backupEligible: true, backedUp: true },
    ]) {
      const answer = await signInWithPasskey(world, device, { flags })
      expect(verdict(answer)).toEqual(REFUSED)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    expect(await sessionsOf(id)).toEqual(before)
  })

  test('cannot make a signature without verification look like one with it', async () => {
    const { id, device } = await personWithPasskey()
    if (hasSecondFactor) await addSecondFactor(id)
    const proof = await signInProof(world, device, { flags: { userVerified: false } })
    const data = Buffer.from(proof.response.response.authenticatorData, 'base64url')
    data.writeUInt8(data.readUInt8(32) | 0x04, 32)
    const forged = { ...proof.response.response, authenticatorData: data.toString('base64url') }
    const answer = await world.call('POST', SIGN_IN, {
      ...proof,
      response: { ...proof.response, response: forged },
    })
    expect(verdict(answer)).toEqual(REFUSED)
  })
})

test('a session that lacks the second factor does nothing with passkeys', async () => {
  const { id, headers, device, passkey } = await personWithPasskey()
  const { passkey: proof } = await stepUpProof(world, headers, device)
  await addSecondFactor(id)
  const required = [401, 'second_factor_required']
  for (const [method, path, body] of [
    ['GET', '/v1/person/passkeys', undefined],
    ['POST', '/v1/person/passkeys/options', {}],
    ['POST', '/v1/person/passkeys', {}],
    ['PATCH', `/v1/person/passkeys/${passkey}`, { name: 'x' }],
    ['DELETE', `/v1/person/passkeys/${passkey}`, undefined],
    ['POST', `${STEP_UP}/passkey-options`, {}],
    ['POST', STEP_UP, { passkey: proof }],
  ] as const) {
    expect([path, ...verdict(await world.call(method, path, body, { ...headers }))]).toEqual([
      path,
      ...required,
    ])
  }
  // A passkey still signs in.
  expect((await signInWithPasskey(world, device)).status).toBe(200)
})

describe('a step-up with a passkey', () => {
  test('confirms the session with both factors, under a new token', async () => {
    const { id, device, headers } = await personWithPasskey()
    world.clock.nowMs += 6 * MINUTE_MS
    const proof = await stepUpProof(world, headers, device)
    const answer = await world.call('POST', STEP_UP, proof, { ...headers })
    expect(answer.status).toBe(204)
    const { nowMs } = world.clock
    expect(await sessionsOf(id)).toMatchObject([
      { confirmedAtMs: nowMs, secondFactorAtMs: nowMs, method: 'password' },
    ])
    expect((await world.call('GET', '/v1/session', undefined, headers)).status).toBe(401)
    const renewed = { cookie: cookieOf(answer) }
    expect((await world.call('GET', '/v1/session', undefined, renewed)).status).toBe(200)
    const again = await world.call('POST', STEP_UP, proof, { ...renewed })
    expect(verdict(again)).toEqual(REFUSED)
  })

  test('lists only the own passkeys, and takes an answer without a user handle', async () => {
    const { device, headers } = await personWithPasskey()
    const { passkey } = await stepUpProof(world, headers, device, { userHandle: null })
    expect((await world.call('POST', STEP_UP, { passkey }, { ...headers })).status).toBe(204)
    await expect(stepUpProof(world, (await personWithPasskey()).headers, device)).rejects.toThrow(
      'NotAllowed',
    )
  })

  test('is refused by the passkey or with the ticket of somebody else, and without verification', async () => {
    const ann = await personWithPasskey()
    const bob = await personWithPasskey()
    const own = await stepUpProof(world, ann.headers, ann.device)
    const stolen = await world.call('POST', STEP_UP, own, { ...bob.headers })
    expect(verdict(stolen)).toEqual(REFUSED)
    const { ticket } = (await stepUpProof(world, ann.headers, ann.device)).passkey
    const { response } = await signInProof(world, bob.device)
    const foreign = await world.call('POST', STEP_UP, { passkey: { ticket, response } }, { ...ann.headers })
    expect(verdict(foreign)).toEqual(REFUSED)
    for (const tampering of [
      { flags: { userVerified: false } },
      { signCount: 1 },
      { origin: 'https://evil.example' },
    ]) {
      const proof = await stepUpProof(world, ann.headers, ann.device, tampering)
      expect(verdict(await world.call('POST', STEP_UP, proof, { ...ann.headers }))).toEqual(REFUSED)
    }
    const signIn = await signInProof(world, ann.device)
    expect(verdict(await world.call('POST', STEP_UP, { passkey: signIn }, { ...ann.headers }))).toEqual(
      REFUSED,
    )
    const sessions = await sessionsOf(ann.id)
    expect(sessions.map(({ secondFactorAtMs }) => secondFactorAtMs)).toEqual([null])
  })

  test('needs a passkey', async () => {
    const { headers } = await signedIn(world)
    const answer = await world.call('POST', `${STEP_UP}/passkey-options`, {}, { ...headers })
    expect(verdict(answer)).toEqual([409, 'conflict'])
  })
})

describe('the limits of sign-ins', () => {
  test('bound what one address begins', async () => {
    await using own = await openPasskeyWorld()
    const begin = async () => await own.call('POST', '/v1/auth/passkeys/options', {})
    for (let count = 0; count < 60; count += 1) expect((await begin()).status).toBe(200)
    const refused = await begin()
    expect(verdict(refused)).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    own.clock.nowMs += 1000
    expect((await begin()).status).toBe(200)
    expect(verdict(await begin())).toEqual([429, 'rate_limited'])
  })

  test('bound the refusals of one address', async () => {
    await using own = await openPasskeyWorld()
    const proof = await signInProof(own, (await personOf(own)).device)
    const guess = async () => await own.call('POST', SIGN_IN, { ...proof, ticket: 'unknown' })
    for (let count = 0; count < 30; count += 1) expect(verdict(await guess())).toEqual(REFUSED)
    expect(verdict(await guess())).toEqual([429, 'rate_limited'])
  })
})

async function personOf(own: AcmeWorld) {
  const { headers } = await signedIn(own)
  return await addPasskey(own, headers)
}

test('a server that people reach at an IP address says what passkeys need', async () => {
  await using own = await openAcme()
  const { headers } = await signedIn(own)
  for (const path of [
    '/v1/auth/passkeys/options',
    '/v1/person/passkeys/options',
    `${STEP_UP}/passkey-options`,
  ]) {
    const answer = await own.call('POST', path, {}, { ...headers })
    expect(verdict(answer)).toEqual([409, 'conflict'])
    expect(answer.body['detail']).toContain('SALLYPORT_PUBLIC_URL')
  }
})
