import type { Base64url } from '@sallyport/core'
import { readAuthenticatorData } from './authenticator-data.ts'
import { userHandleOf } from './ceremony-options.ts'
import { clientDataFault } from './client-data.ts'
import { refused, type Refused } from './faults.ts'
import { webauthnLibrary } from './library.ts'
import type { RelyingParty } from './relying-party.ts'

/** What matters of `AuthenticationResponseJSON` (WebAuthn Level 3 section 5.1). */
export interface AssertionResponse {
  readonly id: Base64url
  readonly rawId: Base64url
  readonly response: {
    readonly clientDataJSON: Base64url
    readonly authenticatorData: Base64url
    readonly signature: Base64url
    /** Required when the person chose the passkey themselves: it says who they are. */
    readonly userHandle: Base64url | null
  }
}

/** The stored passkey that a response names. */
export interface StoredCredential {
  readonly credentialId: string
  readonly person: string
  /** The COSE key in base64url. */
  readonly publicKey: string
  readonly signCount: number
  readonly backupEligible: boolean
}

export interface ExpectedAssertion {
  readonly relyingParty: RelyingParty
  readonly challenge: Base64url
  readonly credential: StoredCredential
  /** Whether the ceremony was begun for a person, so that the response need not say who they are. */
  readonly isPersonKnown: boolean
}

/**
 * Verifies that a passkey signed for this ceremony, with its user present and verified (WebAuthn Level 3 section 7.2). Our
 * own checks come first, so that nothing depends on an option of the library.
 *
 * @returns the new counter, or the fault. `counter_went_back` is only of a valid signature: another authenticator has a
 *   copy of the passkey (section 6.1.1).
 */
export async function verifyAssertion(
  response: AssertionResponse,
  { relyingParty, challenge, credential, isPersonKnown }: ExpectedAssertion,
): Promise<{ readonly ok: true; readonly signCount: number } | Refused> {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response.response
  if (response.id !== credential.credentialId) return refused('malformed')
  const isOwner = userHandle === null ? isPersonKnown : userHandle === userHandleOf(credential.person)
  if (!isOwner) return refused('wrong_user')
  const fault = clientDataFault(clientDataJSON, { type: 'webauthn.get', challenge, relyingParty })
  if (fault !== undefined) return refused(fault)
  const data = readAuthenticatorData(Buffer.from(authenticatorData, 'base64url'), relyingParty)
  if (!data.ok) return data
  if (data.backupEligible !== credential.backupEligible) return refused('backup_changed')
  const { verifyAuthenticationResponse } = await webauthnLibrary()
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: response.id,
        rawId: response.rawId,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      credential: {
        id: credential.credentialId,
        publicKey: new Uint8Array(Buffer.from(credential.publicKey, 'base64url')),
        // The library compares counters before it verifies the signature; they are compared below.
        counter: 0,
      },
    })
    if (!verified) return refused('signature_invalid')
  } catch {
    return refused('malformed')
  }
  return isCounterAhead(data.signCount, credential.signCount)
    ? { ok: true, signCount: data.signCount }
    : refused('counter_went_back')
}

/** Whether a counter is after the stored one; authenticators without a counter always say 0 (section 6.1.1). */
export function isCounterAhead(signCount: number, stored: number): boolean {
  return signCount > stored || (signCount === 0 && stored === 0)
}
