import { hash } from 'node:crypto'

const BYTES = new Uint8Array(32)

/**
 * SHA-256 of a token (FIPS 180-4) as a text with a character for each byte. In Node.js a digest as a text takes 0.35 µs, as
 * a buffer 1.0 µs.
 */
export function tokenDigestText(token: string): string {
  return hash('sha256', token, 'latin1')
}

/** The 32 bytes of such a text. The next call overwrites them. */
export function fleetingBytes(digest: string): Uint8Array {
  for (let index = 0; index < BYTES.length; index += 1) BYTES[index] = digest.charCodeAt(index)
  return BYTES
}
