import { describe, expect, test } from 'vitest'
import { assertion, newChallenge, registered, RELYING_PARTY } from '../testing/passkey-ceremonies.ts'
import { type Tampering, virtualAuthenticator } from '../testing/virtual-authenticator.ts'
import { userHandleOf } from './ceremony-options.ts'
import type { StoredCredential } from './verify-assertion.ts'
import { verifyAssertion } from './verify-assertion.ts'

const { origin } = RELYING_PARTY

async function signIn(
  device: ReturnType<typeof virtualAuthenticator>,
  credential: StoredCredential,
  tampering: Tampering = {},
  isPersonKnown = false,
) {
  const { challenge, response } = await assertion(device, tampering)
  return await verifyAssertion(response, {
    relyingParty: RELYING_PARTY,
    challenge,
    credential,
    isPersonKnown,
  })
}

test.each(['ES256', 'EdDSA', 'RS256'] as const)('a passkey with %s signs in', async (algorithm) => {
  const device = virtualAuthenticator(origin, { algorithm })
  const credential = await registered(device)
  expect(await signIn(device, credential)).toEqual({ ok: true, signCount: 2 })
  expect(await signIn(device, credential, { signsWithOtherKey: true })).toMatchObject({ ok: false })
})

describe('a sign-in is refused', () => {
  const cases: readonly [string, Tampering, string][] = [
    ['of another ceremony', { type: 'webauthn.create' }, 'wrong_ceremony'],
    ['with another challenge', { challenge: newChallenge() }, 'wrong_challenge'],
    ['at another host', { origin: 'https://sallyport.example.evil.example' }, 'wrong_origin'],
    ['at another port', { origin: 'https://sallyport.example:8443' }, 'wrong_origin'],
    ['without TLS', { origin: 'http://sallyport.example' }, 'wrong_origin'],
    ['in a frame of another origin', { clientData: { crossOrigin: true } }, 'wrong_origin'],
    ['below another page', { clientData: { crossOrigin: true, topOrigin: origin } }, 'wrong_origin'],
    ['for another relying party', { rpId: 'example' }, 'wrong_relying_party'],
    ['without the user', { flags: { userPresent: false } }, 'user_not_present'],
    ['without verification of the user', { flags: { userVerified: false } }, 'user_not_verified'],
    [
      'with a passkey that was not for several devices',
      { flags: { backupEligible: true } },
      'backup_changed',
    ],
    ['with a signature by another key', { signsWithOtherKey: true }, 'signature_invalid'],
    ['without a user', { userHandle: null }, 'wrong_user'],
    ['of another user', { userHandle: userHandleOf('per_bert') }, 'wrong_user'],
    [
      'with bytes after the data',
      { authenticatorData: (bytes) => Buffer.concat([bytes, bytes]) },
      'malformed',
    ],
  ]
  test.each(cases)('%s', async (_, tampering, fault) => {
    const device = virtualAuthenticator(origin)
    const credential = await registered(device)
    expect(await signIn(device, credential, tampering)).toEqual({ ok: false, fault })
    expect(await signIn(device, credential)).toMatchObject({ ok: true })
  })

  test('after any change of what was signed', async () => {
    const device = virtualAuthenticator(origin)
    const credential = await registered(device)
    const { challenge, response } = await assertion(device)
    const expected = { relyingParty: RELYING_PARTY, challenge, credential, isPersonKnown: false }
    expect(await verifyAssertion(response, expected)).toMatchObject({ ok: true })
    const { authenticatorData, signature, clientDataJSON } = response.response
    const flipped = <T extends string>(text: T, index: number) => {
      const bytes = Buffer.from(text, 'base64url')
      bytes[index] = (bytes[index] ?? 0) ^ 1
      return bytes.toString('base64url') as T
    }
    const spaced = Buffer.from(`${Buffer.from(clientDataJSON, 'base64url').toString()} `)
    for (const changed of [
      { authenticatorData: flipped(authenticatorData, 36) },
      { signature: flipped(signature, 10) },
      { signature: flipped(signature, 0) },
      { clientDataJSON: spaced.toString('base64url') as typeof clientDataJSON },
    ]) {
      const tampered = { ...response, response: { ...response.response, ...changed } }
      expect(await verifyAssertion(tampered, expected)).toMatchObject({ ok: false })
    }
  })

  test('by the passkey of somebody else', async () => {
    const device = virtualAuthenticator(origin)
    const credential = await registered(device)
    const other = { ...credential, credentialId: 'AAAAAAAAAAAAAAAAAAAAAA' }
    expect(await signIn(device, other)).toEqual({ ok: false, fault: 'malformed' })
    expect(await signIn(device, { ...credential, person: 'per_bert' })).toEqual({
      ok: false,
      fault: 'wrong_user',
    })
  })
})

test('a step-up needs no user handle, but none of somebody else', async () => {
  const device = virtualAuthenticator(origin)
  const credential = await registered(device)
  expect(await signIn(device, credential, { userHandle: null }, true)).toMatchObject({ ok: true })
  expect(await signIn(device, credential, { userHandle: userHandleOf('per_bert') }, true)).toEqual({
    ok: false,
    fault: 'wrong_user',
  })
})

describe('the counter of an authenticator', () => {
  test.each([
    [7, 6, true],
    [7, 7, false],
    [7, 8, false],
    [0, 1, false],
    [3, 0, true],
    [1, 0, true],
    [0, 0, true],
    [0xff_ff_ff_ff, 0xff_ff_ff_fe, true],
  ])('%d after %d: %s', async (signCount, stored, isAccepted) => {
    const device = virtualAuthenticator(origin)
    const credential = { ...(await registered(device)), signCount: stored }
    expect(await signIn(device, credential, { signCount })).toEqual(
      isAccepted ? { ok: true, signCount } : { ok: false, fault: 'counter_went_back' },
    )
  })

  test('says nothing about a clone without a valid signature', async () => {
    const device = virtualAuthenticator(origin)
    const credential = { ...(await registered(device)), signCount: 9 }
    expect(await signIn(device, credential, { signCount: 1, signsWithOtherKey: true })).toEqual({
      ok: false,
      fault: 'signature_invalid',
    })
  })
})
