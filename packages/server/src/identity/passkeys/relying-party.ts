import { isIP } from 'node:net'

/** Whom passkeys are made for and sign in to: this installation. */
export interface RelyingParty {
  /** The domain of the public URL. Passkeys of another domain do not work here. */
  readonly id: string
  /** The origin of the public URL. */
  readonly origin: string
}

/**
 * The relying party of an installation: its domain is the host of the public URL itself, never a parent of it, so that
 * no other host of the domain can ask for these passkeys.
 *
 * @param publicUrl an http or https URL
 * @returns undefined for an IP address, which has no passkeys (WebAuthn Level 3 section 5.1.3)
 */
export function relyingPartyOf(publicUrl: string): RelyingParty | undefined {
  const { hostname, origin } = new URL(publicUrl)
  return isIP(hostname) !== 0 || hostname.startsWith('[') ? undefined : { id: hostname, origin }
}
