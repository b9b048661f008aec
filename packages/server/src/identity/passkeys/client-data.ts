import type { Base64url } from '@sallyport/core'
import { parseJsonObject } from '../../crypto/strict-json.ts'
import type { PasskeyFault } from './faults.ts'
import type { RelyingParty } from './relying-party.ts'

export interface ExpectedClientData {
  readonly type: 'webauthn.create' | 'webauthn.get'
  readonly challenge: Base64url
  readonly relyingParty: RelyingParty
}

/**
 * Checks what the browser says about a ceremony (WebAuthn Level 3 sections 7.1 and 7.2).
 * The library does not check a registration for other origins above the page.
 *
 * @param clientDataJSON the JSON of section 5.8.1
 */
export function clientDataFault(
  clientDataJSON: Base64url,
  { type, challenge, relyingParty }: ExpectedClientData,
): PasskeyFault | undefined {
  const data = parseJsonObject(Buffer.from(clientDataJSON, 'base64url'))
  if (data === undefined) return 'malformed'
  if (data['type'] !== type) return 'wrong_ceremony'
  if (data['challenge'] !== challenge) return 'wrong_challenge'
  // A page of Sallyport is never in a frame of another origin: that would be clickjacking.
  const isFramed = (data['crossOrigin'] ?? false) !== false || data['topOrigin'] !== undefined
  return data['origin'] !== relyingParty.origin || isFramed ? 'wrong_origin' : undefined
}
