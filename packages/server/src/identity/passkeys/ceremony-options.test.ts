import { expect, test } from 'vitest'
import { ANNA, newChallenge, RELYING_PARTY } from '../testing/passkey-ceremonies.ts'
import { assertionOptions, registrationOptions } from './ceremony-options.ts'
import { relyingPartyOf } from './relying-party.ts'

const challenge = newChallenge()
const ceremony = { relyingParty: RELYING_PARTY, challenge, timeoutMs: 300_000 }
const known = [{ credentialId: 'AAAAAAAAAAAAAAAAAAAAAA', transports: ['usb', 'of-the-future'] }]
const descriptor = { id: 'AAAAAAAAAAAAAAAAAAAAAA', type: 'public-key', transports: ['usb', 'of-the-future'] }

test('a registration asks for a discoverable passkey that verifies its user, and for no attestation', async () => {
  expect(await registrationOptions({ ...ceremony, person: ANNA, known })).toMatchObject({
    rp: { id: 'sallyport.example', name: 'Sallyport' },
    user: {
      id: Buffer.from('per_anna').toString('base64url'),
      name: 'anna@example.com',
      displayName: 'Anna',
    },
    challenge,
    timeout: 300_000,
    attestation: 'none',
    excludeCredentials: [descriptor],
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ alg, type: 'public-key' })),
  })
})

test('a sign-in demands that the user is verified, and names no passkey', async () => {
  const options = await assertionOptions(ceremony)
  expect(options).toMatchObject({
    rpId: 'sallyport.example',
    challenge,
    timeout: 300_000,
    userVerification: 'required',
  })
  expect(options.allowCredentials).toBeUndefined()
})

test('a step-up names the passkeys of the person', async () => {
  expect((await assertionOptions(ceremony, known)).allowCredentials).toEqual([descriptor])
})

test.each([
  ['https://sallyport.example', { id: 'sallyport.example', origin: 'https://sallyport.example' }],
  ['https://sallyport.example:443/', { id: 'sallyport.example', origin: 'https://sallyport.example' }],
  [
    'https://Access.Sallyport.Example:8443',
    { id: 'access.sallyport.example', origin: 'https://access.sallyport.example:8443' },
  ],
  ['http://localhost:8080', { id: 'localhost', origin: 'http://localhost:8080' }],
  ['http://127.0.0.1:8080', undefined],
  ['http://[::1]:8080', undefined],
])('the relying party of %s', (url, relyingParty) => {
  expect(relyingPartyOf(url)).toEqual(relyingParty)
})
