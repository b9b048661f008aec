import { describe, expect, test } from 'vitest'
import { encodeCbor } from '../testing/cbor.ts'
import {
  newChallenge,
  parsedRegistration,
  register,
  registered,
  RELYING_PARTY,
} from '../testing/passkey-ceremonies.ts'
import { type Tampering, virtualAuthenticator } from '../testing/virtual-authenticator.ts'
import { verifyRegistration } from './verify-registration.ts'

const { origin } = RELYING_PARTY

/** The options of a registration, as far as an authenticator reads them. */
const creationOptions = (challenge: ReturnType<typeof newChallenge>) => ({
  challenge,
  rp: { id: RELYING_PARTY.id },
  user: { id: 'cA' },
  pubKeyCredParams: [{ alg: -7 }],
})

test.each(['ES256', 'EdDSA', 'RS256'] as const)('a passkey with %s is registered', async (algorithm) => {
  const result = await register(virtualAuthenticator(origin, { algorithm }))
  expect(result).toMatchObject({ ok: true, signCount: 1, backupEligible: false })
})

test('a synced passkey without a counter is registered as such', async () => {
  const device = virtualAuthenticator(origin, {
    counts: false,
    flags: { backupEligible: true, backedUp: true },
  })
  expect(await registered(device)).toMatchObject({ signCount: 0, backupEligible: true })
})

test('an attestation by the own key of the passkey is accepted, and one with a certificate is not', async () => {
  const device = virtualAuthenticator(origin)
  expect(await register(device, { attestation: 'self' })).toMatchObject({ ok: true })
  expect(await register(device, { attestation: 'self', signsWithOtherKey: true })).toEqual({
    ok: false,
    fault: 'signature_invalid',
  })
  for (const attestation of ['certificate', 'fido-u2f', 'signed-none'] as const) {
    expect(await register(device, { attestation })).toEqual({ ok: false, fault: 'attestation_refused' })
  }
})

test('a browser need not say that the page is in no frame', async () => {
  const clientData = { crossOrigin: undefined }
  expect(await register(virtualAuthenticator(origin), { clientData })).toMatchObject({ ok: true })
})

describe('a registration is refused', () => {
  const cases: readonly [string, Tampering, string][] = [
    ['of another ceremony', { type: 'webauthn.get' }, 'wrong_ceremony'],
    ['with another challenge', { challenge: newChallenge() }, 'wrong_challenge'],
    ['at another host', { origin: 'https://sallyport.example.evil.example' }, 'wrong_origin'],
    ['at a subdomain', { origin: 'https://www.sallyport.example' }, 'wrong_origin'],
    ['at another port', { origin: 'https://sallyport.example:8443' }, 'wrong_origin'],
    ['without TLS', { origin: 'http://sallyport.example' }, 'wrong_origin'],
    ['with a slash after the origin', { origin: 'https://sallyport.example/' }, 'wrong_origin'],
    ['in a frame of another origin', { clientData: { crossOrigin: true } }, 'wrong_origin'],
    ['below another page', { clientData: { topOrigin: 'https://evil.example' } }, 'wrong_origin'],
    ['for another relying party', { rpId: 'example' }, 'wrong_relying_party'],
    ['without the user', { flags: { userPresent: false } }, 'user_not_present'],
    ['without verification of the user', { flags: { userVerified: false } }, 'user_not_verified'],
    ['with a backup of what has none', { flags: { backedUp: true } }, 'malformed'],
    [
      'with bytes after the data',
      { authenticatorData: (bytes) => Buffer.concat([bytes, bytes]) },
      'malformed',
    ],
    ['with short data', { authenticatorData: (bytes) => bytes.subarray(0, 36) }, 'malformed'],
    ['without a credential', { authenticatorData: (bytes) => bytes.subarray(0, 37) }, 'malformed'],
  ]
  test.each(cases)('%s', async (_, tampering, fault) => {
    expect(await register(virtualAuthenticator(origin), tampering)).toEqual({ ok: false, fault })
  })

  test('with an id that is not the one of the authenticator', async () => {
    const challenge = newChallenge()
    const options = creationOptions(challenge)
    const device = virtualAuthenticator(origin)
    const [one, other] = [1, 2].map(() => parsedRegistration(device.create(options)))
    if (one === undefined || other === undefined) throw new Error('not made')
    const expected = { relyingParty: RELYING_PARTY, challenge }
    expect(await verifyRegistration(one, expected)).toMatchObject({ ok: true })
    for (const swapped of [
      { ...one, id: other.id, rawId: other.id },
      { ...one, rawId: other.id },
    ]) {
      expect(await verifyRegistration(swapped, expected)).toEqual({ ok: false, fault: 'malformed' })
    }
  })

  test.each(['', 'null', '[]', '{"type":"webauthn.create","type":"webauthn.create"}', '\ufeff{}'])(
    'with the client data %j',
    async (text) => {
      const challenge = newChallenge()
      const options = creationOptions(challenge)
      const { response, ...made } = virtualAuthenticator(origin).create(options)
      const clientDataJSON = Buffer.from(text.padEnd(2)).toString('base64url')
      const parsed = parsedRegistration({ ...made, response: { ...response, clientDataJSON } })
      const expected = { relyingParty: RELYING_PARTY, challenge }
      expect(await verifyRegistration(parsed, expected)).toEqual({ ok: false, fault: 'malformed' })
    },
  )

  test('with an attestation object of nested arrays', async () => {
    const challenge = newChallenge()
    const options = creationOptions(challenge)
    const made = virtualAuthenticator(origin).create(options)
    const bombs = [
      Buffer.alloc(8192, 0x81),
      encodeCbor(new Map()),
      encodeCbor('text'),
      Buffer.alloc(38, 0xff),
    ]
    for (const bomb of bombs) {
      const attestationObject = Buffer.concat([bomb, Buffer.alloc(38)])
        .subarray(0, 8192)
        .toString('base64url')
      const response = parsedRegistration({ ...made, response: { ...made.response, attestationObject } })
      expect(await verifyRegistration(response, { relyingParty: RELYING_PARTY, challenge })).toEqual({
        ok: false,
        fault: 'malformed',
      })
    }
  })
})

describe('the key of a passkey is refused', () => {
  const ES256 = virtualAuthenticator(origin)
  const RS256 = virtualAuthenticator(origin, { algorithm: 'RS256' })
  const EdDSA = virtualAuthenticator(origin, { algorithm: 'EdDSA' })
  const cases: readonly [string, typeof ES256, NonNullable<Tampering['coseKey']>, string][] = [
    ['on another curve', ES256, (key) => new Map([...key, [-1, 2]]), 'key_refused'],
    [
      'with a point outside of the curve',
      ES256,
      (key) => new Map([...key, [-3, Buffer.alloc(32, 1)]]),
      'key_refused',
    ],
    ['with a compressed point', ES256, (key) => new Map([...key, [-3, true]]), 'key_refused'],
    ['with a short coordinate', ES256, (key) => new Map([...key, [-2, Buffer.alloc(31)]]), 'key_refused'],
    ['of another type than its algorithm', ES256, (key) => new Map([...key, [1, 1]]), 'key_refused'],
    ['with an algorithm that was not offered', ES256, (key) => new Map([...key, [3, -35]]), 'malformed'],
    ['with SHA-1', RS256, (key) => new Map([...key, [3, -65535]]), 'malformed'],
    ['with 1024 bits', RS256, (key) => new Map([...key, [-1, Buffer.alloc(128, 0xff)]]), 'key_refused'],
    [
      'with more than 4096 bits',
      RS256,
      (key) => new Map([...key, [-1, Buffer.alloc(513, 0xff)]]),
      'key_refused',
    ],
    ['with a long exponent', RS256, (key) => new Map([...key, [-2, Buffer.alloc(256, 0xff)]]), 'key_refused'],
    ['with the exponent 1', RS256, (key) => new Map([...key, [-2, Buffer.from([0, 0, 1])]]), 'key_refused'],
    ['with another Edwards curve', EdDSA, (key) => new Map([...key, [-1, 7]]), 'key_refused'],
    ['that is no map', ES256, () => 'key', 'malformed'],
  ]
  test.each(cases)('%s', async (_, device, coseKey, fault) => {
    expect(await register(device, { coseKey })).toEqual({ ok: false, fault })
    expect(await register(device)).toMatchObject({ ok: true })
  })
})
