import { randomBytes } from 'node:crypto'
import { type Base64url, parsePasskeyBytes, type PasskeyBytes } from '@sallyport/core'
import { assertionOptions, registrationOptions } from '../passkeys/ceremony-options.ts'
import type { RelyingParty } from '../passkeys/relying-party.ts'
import type { AssertionResponse, StoredCredential } from '../passkeys/verify-assertion.ts'
import { type RegistrationResponse, verifyRegistration } from '../passkeys/verify-registration.ts'
import type { Tampering, VirtualAuthenticator } from './virtual-authenticator.ts'

export const RELYING_PARTY: RelyingParty = { id: 'sallyport.example', origin: 'https://sallyport.example' }
export const ANNA = { id: 'per_anna', email: 'anna@example.com', name: 'Anna' }

export function newChallenge(): Base64url {
  return randomBytes(32).toString('base64url') as Base64url
}

/** Parses a member as the edge of the server does. */
function member(name: PasskeyBytes, text: string): Base64url {
  const parsed = parsePasskeyBytes(name, text)
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problem}`)
  return parsed.value
}

/** The response of a registration, as the edge of the server parses it. */
export function parsedRegistration(
  response: ReturnType<VirtualAuthenticator['create']>,
): RegistrationResponse {
  const { clientDataJSON, attestationObject } = response.response
  return {
    id: member('credentialId', response.id),
    rawId: member('credentialId', response.rawId),
    response: {
      clientDataJSON: member('clientDataJSON', clientDataJSON),
      attestationObject: member('attestationObject', attestationObject),
    },
  }
}

/** The response of a sign-in, as the edge of the server parses it. */
function parsedAssertion(response: ReturnType<VirtualAuthenticator['get']>): AssertionResponse {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response.response
  return {
    id: member('credentialId', response.id),
    rawId: member('credentialId', response.rawId),
    response: {
      clientDataJSON: member('clientDataJSON', clientDataJSON),
      authenticatorData: member('authenticatorData', authenticatorData),
      signature: member('signature', signature),
      userHandle: userHandle === undefined ? null : member('userHandle', userHandle),
    },
  }
}

/** A whole registration of Anna; returns what the server answers. */
export async function register(device: VirtualAuthenticator, tampering: Tampering = {}) {
  const challenge = newChallenge()
  const options = await registrationOptions({
    relyingParty: RELYING_PARTY,
    challenge,
    timeoutMs: 300_000,
    person: ANNA,
    known: [],
  })
  const response = parsedRegistration(device.create(options, tampering))
  return await verifyRegistration(response, { relyingParty: RELYING_PARTY, challenge })
}

/** A registration that succeeds; returns the credential as it is stored. */
export async function registered(device: VirtualAuthenticator): Promise<StoredCredential> {
  const result = await register(device)
  if (!result.ok) throw new Error(`The passkey is refused: ${result.fault}`)
  return { ...result, person: ANNA.id }
}

/** The challenge of a sign-in, and what the authenticator answers. */
export async function assertion(device: VirtualAuthenticator, tampering: Tampering = {}) {
  const challenge = newChallenge()
  const options = await assertionOptions({ relyingParty: RELYING_PARTY, challenge, timeoutMs: 300_000 })
  return { challenge, response: parsedAssertion(device.get(options, tampering)) }
}
