import { randomBytes } from 'node:crypto'
import { Snapshot, type EnvironmentView, type FeedRecord, type JwtFact } from '@sallyport/core'
import pino from 'pino'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startIssuer, type StartedIssuer } from '../../../../../test/support/issuer.ts'
import { AddressSet } from '../../address/address-set.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { JwtVerifier } from './jwt-verifier.ts'
import { issuer, makeSigner, makeSigningKey } from '../testing/signing-keys.ts'
import { ACME } from '../testing/started-gateway.ts'
import { ConnectionPool } from '../../egress/connection-pool.ts'

const [own, older, ofTest, foreign] = await Promise.all([
  makeSigningKey(),
  makeSigningKey(),
  makeSigningKey({ environment: 'test' }),
  makeSigner('idp-1'),
])
const NOW = 1_800_000_000_000
const seconds = NOW / 1000
const AGE = { iat: seconds, exp: seconds + 600 }
const FOREIGN = { ...AGE, iss: 'https://idp.example', aud: 'orders' }

const log: string[] = []
const logger = pino({}, { write: (line: string) => log.push(line) })
const upstreams = new ConnectionPool(new AddressSet(['127.0.0.0/8']))
afterAll(() => upstreams.destroy())

let idp: StartedIssuer
let verifier: JwtVerifier
let snapshot: Snapshot
let revision = 1
let monotonicMs = NOW

beforeEach(async () => {
  idp = await startIssuer(foreign.publicJwk)
  verifier = new JwtVerifier(new IssuerKeys({ requester: upstreams, logger }), logger, () => monotonicMs)
  snapshot = Snapshot.empty()
  apply(...ACME, own.record, ofTest.record, issuer({ jwksUrl: idp.jwksUrl }))
})
afterEach(() => idp[Symbol.asyncDispose]())

function apply(...records: FeedRecord[]): void {
  revision += 1
  snapshot = snapshot.apply({ revision, atMs: 0, records })
}

function environment(name = 'prod'): EnvironmentView {
  const view = snapshot.environment('acme', name)
  if (view === undefined) throw new Error(`no environment ${name}`)
  return view
}

function ask(token: string, nowMs = NOW, name = 'prod'): JwtFact | Promise<JwtFact> {
  // Both clocks move together here.
  monotonicMs = nowMs
  return verifier.verify(environment(name), token, nowMs)
}

const valid = (mintedFor: string | null) => expect.objectContaining({ kind: 'valid', mintedFor }) as unknown
const INVALID = { kind: 'invalid' }
const EXPIRED = { kind: 'expired' }

describe("An environment's own token", () => {
  test('is verified once and then cached', async () => {
    const token = await own.sign({ ...AGE, azp: 'con_mobile', scope: 'orders' })
    const [first, second] = [ask(token), ask(token)]
    expect(first).toBeInstanceOf(Promise)
    expect(second).toBeInstanceOf(Promise)
    const [one, other] = [await first, await second]
    expect(one).toMatchObject({ kind: 'valid', mintedFor: 'con_mobile', claims: { scope: 'orders' } })
    // The same object: both come from one verification.
    expect(other).toBe(one)
    expect(ask(token)).toBe(one)
    // Its signature need not be verified again while its key is there.
    expect(ask(token, NOW + 600_000)).toBe(one)
  })

  test('without `azp` has no consumer, and with an `azp` that is not a string is invalid', async () => {
    expect(await ask(await own.sign(AGE))).toEqual(valid(null))
    expect(ask(await own.sign({ ...AGE, azp: 5 }))).toEqual(INVALID)
    expect(ask(await own.sign({ ...AGE, azp: null }))).toEqual(INVALID)
  })

  test('names its login key, and with a malformed key id is invalid', async () => {
    const id = 'key_0000000000000000'
    const token = await own.sign({ ...AGE, azp: 'con_mobile', sallyport_key: id })
    expect(await ask(token)).toMatchObject({ kind: 'valid', mintedFor: 'con_mobile', mintedWith: id })
    for (const wrong of [`${id}0`, id.slice(0, -1), 'con_mobile', '', 5, null, [id]]) {
      expect(ask(await own.sign({ ...AGE, azp: 'con_mobile', sallyport_key: wrong }))).toEqual(INVALID)
    }
  })

  test('names the secret and the Basic credential of its login, and with malformed ones is invalid', async () => {
    const login = { azp: 'con_mobile', sallyport_secret: 1, sallyport_credential: 'bas_1' }
    expect(await ask(await own.sign({ ...AGE, ...login }))).toMatchObject({
      secretSequence: 1,
      basicCredential: 'bas_1',
    })
    for (const wrong of [
      { sallyport_secret: 0 },
      { sallyport_secret: '1' },
      { sallyport_secret: null },
      { sallyport_credential: 1 },
      { sallyport_credential: null },
    ]) {
      expect(ask(await own.sign({ ...AGE, ...login, ...wrong }))).toEqual(INVALID)
    }
  })

  test('without a login names none, and tells when it was issued, when it ends and which key signed it', async () => {
    expect(await ask(await own.sign({ ...AGE, iat: seconds - 0.5 }))).toEqual({
      kind: 'valid',
      mintedFor: null,
      mintedWith: null,
      secretSequence: null,
      basicCredential: null,
      issuedAtMs: NOW - 500,
      expiresAtMs: NOW + 630_000,
      verifiedBy: own.record,
      claims: expect.objectContaining({ exp: AGE.exp, iat: seconds - 0.5 }) as unknown,
    })
  })

  test('without an issuer, or with a type of another kind of token, is invalid', async () => {
    expect(ask(await own.sign({ ...AGE, iss: undefined }))).toEqual(INVALID)
    const [header = '', ...rest] = (await own.sign(AGE)).split('.')
    const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as object
    const typed = Buffer.from(JSON.stringify({ ...read, typ: 'logout+jwt' })).toString('base64url')
    expect(ask([typed, ...rest].join('.'))).toEqual(INVALID)
  })

  test.each(['sub', 'iat', 'jti'])('without `%s` is invalid, since every own token has it', async (claim) => {
    expect(ask(await own.sign({ ...AGE, [claim]: undefined }))).toEqual(INVALID)
  })

  test('that is being verified is not shared with a request after its key was removed', async () => {
    const token = await own.sign(AGE)
    const before = ask(token)
    expect(before).toBeInstanceOf(Promise)
    apply({ kind: 'removed', of: 'signing-key', organization: 'acme', id: own.record.id })
    expect(ask(token)).toEqual(INVALID)
    expect(await before).toEqual(valid(null))
    // The result of before is not used afterwards.
    expect(ask(token)).toEqual(INVALID)
  })

  test('expires to the millisecond, cached or not, and is invalid rather than expired if forged', async () => {
    const token = await own.sign(AGE)
    const endMs = NOW + 630_000
    expect(await ask(token, endMs - 1)).toEqual(valid(null))
    expect(ask(token, endMs - 1)).toEqual(valid(null))
    expect(ask(token, endMs)).toEqual(EXPIRED)
    const late = await own.sign(AGE)
    expect(await ask(late, endMs)).toEqual(EXPIRED)
    expect(ask(late, endMs)).toEqual(EXPIRED)
    const [header, payload] = token.split('.')
    const forged = `${header}.${payload}.${late.split('.')[2]}`
    expect(await ask(forged, endMs)).toEqual(INVALID)
    // A rejected token is not cached.
    expect(ask(forged, endMs)).toBeInstanceOf(Promise)
  })

  test('is valid only in its environment', async () => {
    const token = await ofTest.sign(AGE)
    expect(await ask(token, NOW, 'test')).toEqual(valid(null))
    expect(ask(token)).toEqual(INVALID)
    const claims = { iss: 'urn:sallyport:acme:prod', aud: 'urn:sallyport:acme:prod' }
    expect(ask(await ofTest.sign({ ...AGE, ...claims }))).toEqual(INVALID)
  })

  test('is invalid after the overlap of its signing key', async () => {
    const token = await older.sign(AGE)
    apply({ ...older.record, verifiesUntilMs: NOW + 1000 })
    expect(await ask(token, NOW)).toEqual(valid(null))
    expect(ask(token, NOW + 999)).toEqual(valid(null))
    expect(ask(token, NOW + 1000)).toEqual(INVALID)
  })

  test('is invalid at once when its signing key is removed', async () => {
    const token = await own.sign(AGE)
    await ask(token)
    apply({ kind: 'removed', of: 'signing-key', organization: 'acme', id: own.record.id })
    expect(ask(token)).toEqual(INVALID)
  })

  test('is verified again, and stays valid, when another key is added', async () => {
    const token = await own.sign(AGE)
    await ask(token)
    apply({ ...own.record, verifiesUntilMs: NOW + 60_000 }, older.record)
    expect(await ask(token)).toEqual(valid(null))
    apply({ kind: 'removed', of: 'issuer', organization: 'acme', id: 'iss_1' })
    expect(ask(token)).toEqual(valid(null))
  })

  test('whose key record is broken causes an outage, not an invalid token', async () => {
    const token = await own.sign(AGE)
    apply({ ...own.record, publicJwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } })
    await expect(ask(token)).rejects.toMatchObject({ code: 'unavailable' })
    expect(log.at(-1)).toContain(own.record.id)
  })
})

describe("An issuer's token", () => {
  test('never has a login key, regardless of its claims', async () => {
    for (const claim of ['key_0000000000000000', 'anything', 5]) {
      const token = await foreign.sign({ ...FOREIGN, sallyport_key: claim })
      expect(await ask(token)).toMatchObject({ kind: 'valid', mintedFor: null, mintedWith: null })
    }
  })

  test('never has a consumer, regardless of its `azp`', async () => {
    const token = await foreign.sign({ ...FOREIGN, azp: 'con_mobile' })
    expect(await ask(token)).toEqual(valid(null))
    expect(ask(token)).toEqual(valid(null))
  })

  test('is never accepted as an own token, nor the reverse', async () => {
    const issuerName = 'urn:sallyport:acme:prod'
    expect(ask(await foreign.sign({ ...FOREIGN, iss: issuerName, aud: issuerName }))).toEqual(INVALID)
    const posing = await makeSigner(own.record.id)
    expect(await ask(await posing.sign({ ...FOREIGN, iss: issuerName, aud: issuerName }))).toEqual(INVALID)
    expect(await ask(await own.sign({ ...FOREIGN }))).toEqual(INVALID)
  })

  test.each([
    ['another issuer', { iss: 'https://idp.example/' }],
    ['another audience', { aud: 'order' }],
    ['no audience', { aud: [] }],
    ['an nbf too far in the future', { nbf: seconds + 31 }],
  ])('for %s is refused before its keys are loaded', async (_name, claims) => {
    expect(ask(await foreign.sign({ ...FOREIGN, ...claims }))).toEqual(INVALID)
    expect(idp.requests).toBe(0)
  })

  test('is verified again after five minutes, so that a withdrawn key ends', async () => {
    const token = await foreign.sign(FOREIGN)
    await ask(token)
    expect(ask(token, NOW + 299_999)).toEqual(valid(null))
    expect(ask(token, NOW + 300_000)).toBeInstanceOf(Promise)
  })

  test('is verified again soon while newer keys are being fetched', async () => {
    await ask(await foreign.sign(FOREIGN))
    const later = { ...FOREIGN, exp: seconds + 3600 }
    idp.publish()
    const token = await foreign.sign(later)
    const lateMs = NOW + 600_000
    expect(await ask(token, lateMs)).toEqual(valid(null))
    expect(ask(token, lateMs + 9_999)).toEqual(valid(null))
    expect(ask(token, lateMs + 10_000)).toBeInstanceOf(Promise)
  })

  test('needs no subject, id or time of issue', async () => {
    const token = await foreign.sign({ ...FOREIGN, sub: undefined, iat: undefined, jti: undefined })
    expect(await ask(token)).toMatchObject({ kind: 'valid', issuedAtMs: 0 })
  })

  test('names the issuer that verified it, and no login', async () => {
    const login = { azp: 'con_mobile', sallyport_secret: 1, sallyport_credential: 'bas_1' }
    expect(await ask(await foreign.sign({ ...FOREIGN, ...login }))).toMatchObject({
      mintedFor: null,
      mintedWith: null,
      secretSequence: null,
      basicCredential: null,
      verifiedBy: { kind: 'issuer', id: 'iss_1' },
    })
  })

  test('that is being verified is not shared with a request after its issuer was removed', async () => {
    const token = await foreign.sign(FOREIGN)
    const before = ask(token)
    apply({ kind: 'removed', of: 'issuer', organization: 'acme', id: 'iss_1' })
    expect(ask(token)).toEqual(INVALID)
    expect(await before).toEqual(valid(null))
  })

  test('is verified by the issuer of its name among several', async () => {
    apply(issuer({ id: 'iss_0', issuer: 'https://other.example', jwksUrl: `${idp.url}/other` }))
    apply(issuer({ id: 'iss_9', issuer: 'https://another.example', jwksUrl: `${idp.url}/another` }))
    expect(await ask(await foreign.sign(FOREIGN))).toMatchObject({ verifiedBy: { id: 'iss_1' } })
    expect(await ask(await foreign.sign({ ...FOREIGN, iss: 'https://other.example' }))).toMatchObject({
      verifiedBy: { id: 'iss_0' },
    })
  })

  test('is unavailable while the issuer is down, and valid again when it is back', async () => {
    const token = await foreign.sign(FOREIGN)
    idp.answerWith((response) => response.writeHead(500).end())
    await expect(ask(token)).rejects.toMatchObject({ code: 'unavailable' })
    idp.publish(foreign.publicJwk)
    expect(await ask(token, NOW + 10_000)).toEqual(valid(null))
  })

  test('is verified again at once when the issuer is removed or changed', async () => {
    const token = await foreign.sign(FOREIGN)
    await ask(token)
    apply(issuer({ jwksUrl: idp.jwksUrl, audiences: ['invoices'] }))
    expect(ask(token)).toEqual(INVALID)
    apply(issuer({ jwksUrl: idp.jwksUrl }))
    expect(await ask(token)).toEqual(valid(null))
    apply({ kind: 'removed', of: 'issuer', organization: 'acme', id: 'iss_1' })
    expect(ask(token)).toEqual(INVALID)
  })

  test("is verified for each environment by that environment's issuers", async () => {
    const token = await foreign.sign(FOREIGN)
    await ask(token)
    expect(ask(token, NOW, 'test')).toEqual(INVALID)
    apply(issuer({ id: 'iss_2', environment: 'test', jwksUrl: idp.jwksUrl }))
    expect(await ask(token, NOW, 'test')).toEqual(valid(null))
    expect(ask(token)).toEqual(valid(null))
    expect(idp.requests).toBe(1)
  })
})

test("A flood of forged tokens at one environment does not block another environment's token", async () => {
  const [header = '', payload = ''] = (await own.sign(AGE)).split('.')
  const token = await ofTest.sign(AGE)
  await ask(await ofTest.sign(AGE), NOW, 'test')
  await ask(await own.sign(AGE))
  const forged = Array.from({ length: 2500 }, async () => {
    const signature = randomBytes(64).toString('base64url')
    return await ask(`${header}.${payload}.${signature}`)
  })
  const asked = ask(token, NOW, 'test')
  const outcomes = await Promise.allSettled(forged)
  expect(await asked).toEqual(valid(null))
  const refused = outcomes.filter((each) => each.status === 'fulfilled').map((each) => each.value)
  expect(refused.every((each) => each.kind === 'invalid')).toBe(true)
  const turnedAway = outcomes.filter((each) => each.status === 'rejected').map((each): unknown => each.reason)
  expect(turnedAway.length).toBeGreaterThan(1000)
  expect(turnedAway[0]).toMatchObject({ code: 'unavailable' })
})

describe('A malformed token', () => {
  test.each([
    '',
    'x',
    'a.b',
    'eyJhbGciOiJub25lIn0.e30.',
    // {"alg":"EdDSA"} and claims that are a list.
    'eyJhbGciOiJFZERTQSJ9.W10.c2ln',
    `sp_sk_${'a'.repeat(54)}`,
    'a'.repeat(10_000_000),
    '\ud800.\ud800.\ud800',
  ])('is rejected synchronously: %#', (token) => {
    expect(ask(token)).toEqual(INVALID)
  })

  test('includes one with a forbidden algorithm or an unknown key', async () => {
    const [header = '', ...rest] = (await own.sign(AGE)).split('.')
    const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as object
    const changed = (fields: object) =>
      [Buffer.from(JSON.stringify({ ...read, ...fields })).toString('base64url'), ...rest].join('.')
    for (const fields of [
      { alg: 'none' },
      { alg: 'HS256' },
      { kid: `${own.record.id}0` },
      { kid: undefined },
    ]) {
      expect(ask(changed(fields))).toEqual(INVALID)
    }
    expect(await ask(changed({ alg: 'ES256' }))).toEqual(INVALID)
    expect(await ask(changed({}))).toEqual(valid(null))
  })
})
