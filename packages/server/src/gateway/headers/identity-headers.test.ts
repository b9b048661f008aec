import { makeKeyId, Snapshot, type Allowed, type FeedRecord } from '@sallyport/core'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { appendIdentity, headerSafe, identityOf, type Identity } from './identity-headers.ts'

const KEY = makeKeyId(randomBytes)
const RECORD = deployment({}, undefined, { organization: 'acme', environment: 'prod', pipeline: 'orders' })
const ANONYMOUS: Identity = {
  organization: 'partner',
  consumer: null,
  consumerId: null,
  keyId: null,
  secretSequence: null,
  basicCredential: null,
  claims: null,
  labels: {},
}

/** The identity headers as an object. */
function headersOf(identity: Identity | null): Record<string, string> {
  const headers: string[] = []
  appendIdentity(headers, identity, compileDeployment(RECORD))
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]]] : []))
  return Object.fromEntries(pairs) as Record<string, string>
}

describe('The identity headers', () => {
  test('name the caller', () => {
    const claims = { iss: 'https://idp.example', sub: 'é' }
    expect(
      headersOf({
        ...ANONYMOUS,
        consumer: 'mobile-app',
        consumerId: 'con_1',
        keyId: KEY,
        claims,
        labels: { tier: '', team: 'pay ments' },
      }),
    ).toEqual({
      'x-sallyport-organization': 'partner',
      'x-sallyport-environment': 'prod',
      'x-sallyport-pipeline': 'orders',
      'x-sallyport-consumer': 'mobile-app',
      'x-sallyport-key': KEY,
      'x-sallyport-claims': Buffer.from(JSON.stringify(claims)).toString('base64url'),
      'x-sallyport-labels': 'team=pay%20ments,tier=',
    })
  })

  test('are all there without a value, so that a proxy replaces the headers of its caller', () => {
    const missing = {
      'x-sallyport-consumer': '-',
      'x-sallyport-key': '-',
      'x-sallyport-claims': '-',
      'x-sallyport-labels': '-',
    }
    expect(headersOf(ANONYMOUS)).toMatchObject({ 'x-sallyport-organization': 'partner', ...missing })
    // Nobody in particular, such as a preflight: the pipeline's organization.
    expect(headersOf(null)).toMatchObject({ 'x-sallyport-organization': 'acme', ...missing })
  })

  test('encode the claims of a repeated token once', () => {
    let reads = 0
    const claims = {
      get sub(): string {
        reads += 1
        return 'user-1'
      },
    }
    const headers = [headersOf({ ...ANONYMOUS, claims }), headersOf({ ...ANONYMOUS, claims })]
    expect(headers[0]).toEqual(headers[1])
    expect(reads).toBe(1)
    expect(headersOf({ ...ANONYMOUS, claims: { sub: 'user-2' } })).not.toEqual(headers[0])
  })
})

describe('A name in a header', () => {
  test.each(['mobile-app', 'a', '!~', 'a=b;c,d/e"f', '--'])('"%s" is unchanged', (name) => {
    expect(headerSafe(name)).toBe(name)
  })

  test.each([
    ['Mobile App', 'Mobile%20App'],
    [' a', '%20a'],
    ['a ', 'a%20'],
    ['é', '%C3%A9'],
    ['aé', 'a%C3%A9'],
    ['a\r\nx-sallyport-key: b', 'a%0D%0Ax-sallyport-key%3A%20b'],
    ['\ud800', '%EF%BF%BD'],
    ['100%', '100%25'],
    // The value of a missing name.
    ['-', '%2D'],
  ])('%j is encoded as %s', (name, encoded) => {
    expect(headerSafe(name)).toBe(encoded)
  })

  test.each(['Mobile App', 'Mobile%20App', '100%', '-', 'é'])('%j is decoded to itself', (name) => {
    expect(decodeURIComponent(headerSafe(name))).toBe(name)
  })
})

describe('The identity of an allowed caller', () => {
  const CONSUMER: FeedRecord = {
    kind: 'consumer',
    organization: 'acme',
    id: 'con_1',
    name: 'mobile-app',
    environment: 'prod',
    active: true,
    pipelines: [],
  }
  const ALLOWED: Allowed = {
    kind: 'allow',
    deployment: RECORD,
    principal: { organization: 'acme', consumer: null, keyId: null, claims: null },
    secret: null,
    budgets: [],
    basic: null,
    jwt: null,
    endsAtMs: Infinity,
  }
  const snapshot = Snapshot.empty().apply({ revision: 1, atMs: 0, records: [CONSUMER] })

  test('is nobody without a credential', () => {
    expect(identityOf(snapshot, ALLOWED)).toEqual({ ...ANONYMOUS, organization: 'acme' })
  })

  test('has the name of its consumer, or the id while the snapshot lacks the name', () => {
    const principal = { organization: 'acme', consumer: 'con_1', keyId: KEY, claims: { sub: 'a' } }
    const identity = { consumerId: 'con_1', keyId: KEY, claims: { sub: 'a' } }
    expect(identityOf(snapshot, { ...ALLOWED, principal })).toMatchObject({
      ...identity,
      consumer: 'mobile-app',
    })
    expect(identityOf(Snapshot.empty(), { ...ALLOWED, principal })).toMatchObject({
      ...identity,
      consumer: 'con_1',
    })
  })

  test('has no consumer of a partner, which could have the name of one here', () => {
    const principal = { organization: 'acme', consumer: 'con_1', keyId: KEY, claims: null }
    const elsewhere = { ...ALLOWED, deployment: { ...RECORD, organization: 'rival' }, principal }
    expect(identityOf(snapshot, elsewhere)).toMatchObject({
      organization: 'acme',
      consumer: null,
      consumerId: null,
      keyId: KEY,
    })
  })

  test('has the secret and the Basic credential that it was verified with', () => {
    expect(
      identityOf(snapshot, {
        ...ALLOWED,
        secret: { keyId: KEY, sequence: 2, isExternal: false, isRolling: false },
        basic: { kind: 'valid', consumer: 'con_1', credential: 'bas_1' },
      }),
    ).toMatchObject({ secretSequence: 2, basicCredential: 'bas_1' })
  })

  test('has the secret and the Basic credential that its JWT was issued for, unless it sent its own', () => {
    const jwt = {
      kind: 'valid',
      mintedFor: 'con_1',
      secretSequence: 3,
      basicCredential: 'bas_3',
      claims: {},
    } as const
    expect(identityOf(snapshot, { ...ALLOWED, jwt })).toMatchObject({
      secretSequence: 3,
      basicCredential: 'bas_3',
    })
    expect(
      identityOf(snapshot, {
        ...ALLOWED,
        jwt,
        secret: { keyId: KEY, sequence: 4, isExternal: false, isRolling: false },
        basic: { kind: 'valid', consumer: 'con_1', credential: 'bas_4' },
      }),
    ).toMatchObject({ secretSequence: 4, basicCredential: 'bas_4' })
  })
})
