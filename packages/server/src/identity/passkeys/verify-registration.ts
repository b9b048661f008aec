import type { Base64url } from '@sallyport/core'
import { readAuthenticatorData } from './authenticator-data.ts'
import { clientDataFault } from './client-data.ts'
import { isPasskeyKey, PASSKEY_ALGORITHMS } from './credential-key.ts'
import { refused, type Refused } from './faults.ts'
import { webauthnLibrary } from './library.ts'
import type { RelyingParty } from './relying-party.ts'

/** What matters of `RegistrationResponseJSON` (WebAuthn Level 3 section 5.1). */
export interface RegistrationResponse {
  readonly id: Base64url
  readonly rawId: Base64url
  readonly response: {
    readonly clientDataJSON: Base64url
    readonly attestationObject: Base64url
  }
}

export interface ExpectedRegistration {
  readonly relyingParty: RelyingParty
  readonly challenge: Base64url
}

export interface NewCredential {
  readonly ok: true
  readonly credentialId: Base64url
  /** The COSE key in base64url. */
  readonly publicKey: string
  readonly signCount: number
  readonly backupEligible: boolean
}

/**
 * Verifies that an authenticator made a passkey for this ceremony (WebAuthn Level 3 section 7.1). Our own checks come
 * first, so that nothing depends on an option of the library.
 */
export async function verifyRegistration(
  response: RegistrationResponse,
  { relyingParty, challenge }: ExpectedRegistration,
): Promise<NewCredential | Refused> {
  const expected = { type: 'webauthn.create', challenge, relyingParty } as const
  const fault = clientDataFault(response.response.clientDataJSON, expected)
  if (fault !== undefined) return refused(fault)
  const library = await webauthnLibrary()
  try {
    const attestation = library.decodeAttestationObject(
      new Uint8Array(Buffer.from(response.response.attestationObject, 'base64url')),
    )
    const data = readAuthenticatorData(attestation.get('authData'), relyingParty)
    if (!data.ok) return data
    if (!isSelfMade(attestation.get('fmt'), attestation.get('attStmt'))) return refused('attestation_refused')
    const { verified, registrationInfo } = await library.verifyRegistrationResponse({
      response: {
        ...response,
        response: { ...response.response },
        type: 'public-key',
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.id,
      requireUserPresence: true,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    })
    if (!verified) return refused('signature_invalid')
    const { id, publicKey } = registrationInfo.credential
    if (id !== response.id) return refused('malformed')
    if (!isPasskeyKey(library.decodeCredentialPublicKey(publicKey))) return refused('key_refused')
    return {
      ok: true,
      credentialId: response.id,
      publicKey: Buffer.from(publicKey).toString('base64url'),
      signCount: data.signCount,
      backupEligible: data.backupEligible,
    }
  } catch {
    return refused('malformed')
  }
}

/**
 * Whether an attestation names nobody but the passkey itself: none, or a signature by the passkey's own key (WebAuthn
 * Level 3 sections 8.7 and 8.2). With any other, the library would read certificates of the client, and fetch the
 * addresses of revocation lists in them.
 */
function isSelfMade(
  format: string,
  statement: { get(name: 'x5c'): unknown; readonly size: number },
): boolean {
  if (format === 'none') return statement.size === 0
  return format === 'packed' && statement.get('x5c') === undefined
}
