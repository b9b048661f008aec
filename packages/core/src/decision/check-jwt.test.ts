import { describe, expect, test } from 'vitest'
import type { IssuerRecord, SigningKeyRecord } from '../feed/records.ts'
import type { FeedRecord } from '../snapshot/feed-record.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { isCredentialActive, jwtEndsAtMs, jwtRefusal } from './check-jwt.ts'
import type { ValidJwt } from './decision.ts'

const NOW = 1_800_000_000_000
const PLACE = { organization: 'acme', environment: 'prod' }

const ISSUER: IssuerRecord = {
  kind: 'issuer',
  ...PLACE,
  id: 'iss_1',
  issuer: 'https://idp.example',
  audiences: ['orders', 'invoices'],
  jwksUrl: null,
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AQ' }] },
}
const SIGNING_KEY: SigningKeyRecord = {
  kind: 'signing-key',
  ...PLACE,
  id: 'sig_1',
  algorithm: 'EdDSA',
  publicJwk: { kty: 'OKP', crv: 'Ed25519', x: 'AQ' },
  sealedPrivateJwk: 'v1.a',
  createdAtMs: NOW - 1,
  verifiesUntilMs: null,
}
const BASE: FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'organization', slug: 'partner' },
  { kind: 'environment', organization: 'acme', name: 'prod' },
  { kind: 'environment', organization: 'acme', name: 'test' },
  { kind: 'environment', organization: 'partner', name: 'prod' },
]

function snapshotWith(...records: FeedRecord[]): Snapshot {
  return Snapshot.empty().apply({ revision: 1, atMs: NOW, records: [...BASE, ...records] })
}

function jwtBy(verifiedBy: IssuerRecord | SigningKeyRecord, more: Partial<ValidJwt> = {}): ValidJwt {
  return { kind: 'valid', mintedFor: null, verifiedBy, claims: {}, ...more }
}

describe('a JWT that a trusted issuer signed', () => {
  const jwt = jwtBy(ISSUER)

  test('is valid while the issuer is unchanged, also in a snapshot that was loaded afresh', () => {
    expect(jwtRefusal(snapshotWith(ISSUER), jwt, PLACE, NOW)).toBeNull()
    expect(jwtRefusal(snapshotWith(structuredClone(ISSUER)), jwt, PLACE, NOW)).toBeNull()
    expect(jwtEndsAtMs(snapshotWith(ISSUER), jwt, PLACE)).toBe(Infinity)
  })

  test.each<[string, Partial<IssuerRecord>]>([
    ['another issuer name', { issuer: 'https://idp.example/' }],
    ['one audience less', { audiences: ['orders'] }],
    ['another key', { jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AR' }] } }],
    ['a URL in place of its keys', { jwksUrl: 'https://idp.example/jwks', jwks: null }],
    ['another id', { id: 'iss_2' }],
    ['another environment', { environment: 'test' }],
    ['another organization', { organization: 'partner' }],
  ])('ends when the issuer gets %s', (_what, change) => {
    expect(jwtRefusal(snapshotWith({ ...ISSUER, ...change }), jwt, PLACE, NOW)).toBe('token_invalid')
    expect(jwtEndsAtMs(snapshotWith({ ...ISSUER, ...change }), jwt, PLACE)).toBe(-Infinity)
  })

  test('ends when the issuer gets another URL of its keys', () => {
    const remote: IssuerRecord = { ...ISSUER, jwksUrl: 'https://idp.example/jwks', jwks: null }
    const elsewhere = { ...remote, jwksUrl: 'https://idp.example/jwks2' }
    expect(jwtRefusal(snapshotWith({ ...remote }), jwtBy(remote), PLACE, NOW)).toBeNull()
    expect(jwtRefusal(snapshotWith(elsewhere), jwtBy(remote), PLACE, NOW)).toBe('token_invalid')
  })

  test('ends with the issuer, and with its environment', () => {
    expect(jwtRefusal(snapshotWith(), jwt, PLACE, NOW)).toBe('token_invalid')
    expect(jwtRefusal(Snapshot.empty(), jwt, PLACE, NOW)).toBe('token_invalid')
  })
})

describe('a JWT that an environment signed', () => {
  const jwt = jwtBy(SIGNING_KEY)

  test('is valid while the signing key is the same, also when the key is resealed or loaded afresh', () => {
    expect(jwtRefusal(snapshotWith(SIGNING_KEY), jwt, PLACE, NOW)).toBeNull()
    expect(jwtRefusal(snapshotWith({ ...SIGNING_KEY, sealedPrivateJwk: 'v1.b' }), jwt, PLACE, NOW)).toBeNull()
  })

  test.each<[string, Partial<SigningKeyRecord>]>([
    ['another algorithm', { algorithm: 'ES256' }],
    ['another public key', { publicJwk: { kty: 'OKP', crv: 'Ed25519', x: 'AR' } }],
    ['another id', { id: 'sig_2' }],
    ['another environment', { environment: 'test' }],
  ])('ends when the signing key gets %s', (_what, change) => {
    expect(jwtRefusal(snapshotWith({ ...SIGNING_KEY, ...change }), jwt, PLACE, NOW)).toBe('token_invalid')
  })

  test('ends when the environment stops trusting the signing key, to the millisecond', () => {
    const snapshot = snapshotWith({ ...SIGNING_KEY, verifiesUntilMs: NOW })
    expect(jwtRefusal(snapshot, jwt, PLACE, NOW - 1)).toBeNull()
    expect(jwtRefusal(snapshot, jwt, PLACE, NOW)).toBe('token_invalid')
    expect(jwtEndsAtMs(snapshot, jwt, PLACE)).toBe(NOW)
    expect(jwtEndsAtMs(snapshot, jwtBy(SIGNING_KEY, { expiresAtMs: NOW - 5 }), PLACE)).toBe(NOW - 5)
  })

  test('is not confused with an issuer of the same id', () => {
    const issuer = { ...ISSUER, id: SIGNING_KEY.id }
    expect(jwtRefusal(snapshotWith(issuer), jwt, PLACE, NOW)).toBe('token_invalid')
    expect(jwtRefusal(snapshotWith(SIGNING_KEY), jwtBy(issuer), PLACE, NOW)).toBe('token_invalid')
  })

  test('ends with the signing key, and with its environment', () => {
    expect(jwtRefusal(snapshotWith(), jwt, PLACE, NOW)).toBe('token_invalid')
    expect(jwtRefusal(Snapshot.empty(), jwt, PLACE, NOW)).toBe('token_invalid')
  })
})

describe('a JWT that was obtained with a Basic credential', () => {
  const consumer = {
    kind: 'consumer',
    ...PLACE,
    id: 'con_1',
    name: 'mobile',
    active: true,
    pipelines: [],
  } as const
  const credential = {
    kind: 'basic-credential',
    ...PLACE,
    id: 'bas_1',
    username: 'mobile',
    consumer: 'con_1',
    passwordHash: '$a$',
  } as const
  const jwt: ValidJwt = { kind: 'valid', mintedFor: 'con_1', basicCredential: 'bas_1', claims: {} }

  test('ends with the credential and with its consumer', () => {
    const both = snapshotWith(consumer, credential)
    expect(isCredentialActive(both, 'bas_1')).toBe(true)
    expect(jwtRefusal(both, jwt, PLACE, NOW)).toBeNull()
    const without = snapshotWith(consumer)
    expect(isCredentialActive(without, 'bas_1')).toBe(false)
    expect(jwtRefusal(without, jwt, PLACE, NOW)).toBe('token_invalid')
    const inactive = snapshotWith({ ...consumer, active: false }, credential)
    expect(isCredentialActive(inactive, 'bas_1')).toBe(false)
    expect(jwtRefusal(inactive, jwt, PLACE, NOW)).toBe('token_invalid')
    // The token can be minted for another consumer than the one that logged in.
    const other = { ...consumer, id: 'con_2' }
    const mixed = snapshotWith({ ...consumer, active: false }, other, credential)
    expect(jwtRefusal(mixed, { ...jwt, mintedFor: 'con_2' }, PLACE, NOW)).toBe('token_invalid')
    expect(isCredentialActive(snapshotWith(credential), 'bas_1')).toBe(false)
  })
})

test('a JWT for one key that was obtained with another one ends with either', () => {
  const key = {
    kind: 'key',
    organization: 'acme',
    type: 'secret',
    environment: null,
    consumer: null,
    roles: [],
    active: true,
    deleted: false,
    createdAtMs: NOW - 1,
    expiresAtMs: null,
    addressRules: [],
    rateLimits: [],
    secrets: [{ sequence: 1, digest: 'a'.repeat(64), expiresAtMs: null }],
  } as const
  const owner = { ...key, id: 'key_000000000000000a' } as const
  const login = { ...key, id: 'key_000000000000000b' } as const
  const jwt: ValidJwt = { kind: 'valid', mintedFor: owner.id, mintedWith: login.id, claims: {} }
  const refusal = (...keys: FeedRecord[]) => jwtRefusal(snapshotWith(...keys), jwt, PLACE, NOW)
  expect(refusal(owner, login)).toBeNull()
  expect(refusal({ ...owner, active: false }, login)).toBe('token_invalid')
  expect(refusal(owner, { ...login, active: false })).toBe('token_invalid')
  expect(refusal(owner)).toBe('token_invalid')
})

test('a JWT expires at its end, whatever else is wrong with it', () => {
  const jwt = jwtBy(ISSUER, { expiresAtMs: NOW })
  expect(jwtRefusal(snapshotWith(ISSUER), jwt, PLACE, NOW - 1)).toBeNull()
  expect(jwtRefusal(snapshotWith(ISSUER), jwt, PLACE, NOW)).toBe('token_expired')
  expect(jwtRefusal(snapshotWith(), jwt, PLACE, NOW)).toBe('token_expired')
  expect(jwtRefusal(snapshotWith(), jwt, PLACE, NOW - 1)).toBe('token_invalid')
})
