import type { Base64url } from '@sallyport/core'
import { PASSKEY_ALGORITHMS } from './credential-key.ts'
import { webauthnLibrary } from './library.ts'
import type { RelyingParty } from './relying-party.ts'

/** A passkey that the browser shall take, or not make again. */
export interface KnownPasskey {
  readonly credentialId: string
  readonly transports: readonly string[]
}

interface Ceremony {
  readonly relyingParty: RelyingParty
  readonly challenge: Base64url
  /** How long the person has, in ms. */
  readonly timeoutMs: number
}

export interface Registration extends Ceremony {
  readonly person: { readonly id: string; readonly email: string; readonly name: string }
  /** The passkeys that the person has already. */
  readonly known: readonly KnownPasskey[]
}

/** The user handle of a person: what a passkey says about whose it is (WebAuthn Level 3 section 5.4.3). */
export function userHandleOf(person: string): string {
  return Buffer.from(person).toString('base64url')
}

/**
 * What a browser needs to make a passkey: `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3 section 5.1). The
 * passkey is discoverable and verifies its user. No attestation is asked for, because any authenticator will do.
 */
export async function registrationOptions({
  relyingParty,
  challenge,
  timeoutMs,
  person,
  known,
}: Registration) {
  const { generateRegistrationOptions } = await webauthnLibrary()
  return await generateRegistrationOptions({
    rpID: relyingParty.id,
    rpName: 'Sallyport',
    userID: new Uint8Array(Buffer.from(person.id)),
    userName: person.email,
    userDisplayName: person.name,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: timeoutMs,
    attestationType: 'none',
    excludeCredentials: descriptors(known),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
  })
}

/**
 * What a browser needs to use a passkey: `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 section 5.1).
 *
 * @param allowed the passkeys of the person who is signed in; undefined lets the person choose any that they have here
 */
export async function assertionOptions(
  { relyingParty, challenge, timeoutMs }: Ceremony,
  allowed?: readonly KnownPasskey[],
) {
  const { generateAuthenticationOptions } = await webauthnLibrary()
  return await generateAuthenticationOptions({
    rpID: relyingParty.id,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: timeoutMs,
    userVerification: 'required',
    ...(allowed === undefined ? {} : { allowCredentials: descriptors(allowed) }),
  })
}

function descriptors(passkeys: readonly KnownPasskey[]) {
  return passkeys.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] }))
}
