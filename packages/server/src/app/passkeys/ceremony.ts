import type { Base64url } from '@sallyport/core'
import { relyingPartyOf, type RelyingParty } from '../../identity/passkeys/relying-party.ts'
import type { OperationContext } from '../access/context.ts'
import { conflict } from '../refusals.ts'

/** How long a person has to use their authenticator, in ms. */
export const CEREMONY_MS_MAX = 5 * 60 * 1000

/** Twice the 16 bytes that WebAuthn Level 3 section 13.4.3 asks for. */
const CHALLENGE_BYTES = 32

export function newChallenge({ randomBytes }: Pick<OperationContext, 'randomBytes'>): Base64url {
  return Buffer.from(randomBytes(CHALLENGE_BYTES)).toString('base64url') as Base64url
}

/**
 * The relying party of this installation.
 *
 * @throws Problem `conflict` if it has no domain, so that no browser makes or uses passkeys
 */
export function requireRelyingParty({ publicUrl }: Pick<OperationContext, 'publicUrl'>): RelyingParty {
  const url = publicUrl()
  const relyingParty = relyingPartyOf(url)
  if (relyingParty !== undefined) return relyingParty
  throw conflict(
    `Passkeys need a domain, but people reach this server at ${url}. Set SALLYPORT_PUBLIC_URL to a URL with a domain, such as https://sallyport.example.com or http://localhost:8080.`,
  )
}
