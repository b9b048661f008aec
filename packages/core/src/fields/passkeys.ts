import type { Branded, Parsed } from './parsed.ts'

/** Bytes in base64url without padding (RFC 4648 section 5), as browsers write the binary members of WebAuthn. */
export type Base64url = Branded<string, 'Base64url'>

/** How many bytes each binary member of a passkey's response has (WebAuthn Level 3). */
export const PASSKEY_BYTES = {
  /** Section 7.1 has the most, section 4 ("Credential ID") the fewest. */
  credentialId: { min: 16, max: 1023 },
  clientDataJSON: { min: 2, max: 4096 },
  attestationObject: { min: 38, max: 8192 },
  /** Section 6.1: 37 bytes, and extensions. */
  authenticatorData: { min: 37, max: 1024 },
  /** An RSA signature with a key of 4096 bits has 512 bytes. */
  signature: { min: 8, max: 512 },
  /** Section 5.4.3 has the most. */
  userHandle: { min: 1, max: 64 },
} as const

export type PasskeyBytes = keyof typeof PASSKEY_BYTES

/** How many characters of base64url these bytes take. */
export function base64urlChars(bytes: number): number {
  return Math.ceil((bytes * 4) / 3)
}

/** A text that is the one encoding of its bytes: the bits that the last character has too many are 0. */
const BASE64URL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/

/** Parses the binary member of a passkey's response. */
export function parsePasskeyBytes(member: PasskeyBytes, text: string): Parsed<Base64url> {
  const { min, max } = PASSKEY_BYTES[member]
  const isParsed =
    text.length >= base64urlChars(min) && text.length <= base64urlChars(max) && BASE64URL.test(text)
  return isParsed
    ? { ok: true, value: text as Base64url }
    : { ok: false, problem: `Send ${min} to ${max} bytes in base64url without padding.` }
}

/** The most passkeys of one person. */
export const PASSKEYS_PER_PERSON_MAX = 20
/** The most transports of a passkey that are kept; WebAuthn Level 3 section 5.8.4 has six. */
export const PASSKEY_TRANSPORTS_MAX = 10
/** A transport, also one of a later standard (WebAuthn Level 3 section 5.8.4). */
export const PASSKEY_TRANSPORT = /^[a-z][a-z-]{0,31}$/
