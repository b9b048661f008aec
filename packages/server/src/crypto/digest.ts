import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 of a whole token as 64 lower-case hexadecimal digits: what is kept of a token of 190 random bits. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex')
}

/** The same as its 32 bytes, for comparing with what a snapshot holds. */
export function tokenDigestBytes(token: string): Uint8Array {
  return createHash('sha256').update(token, 'utf8').digest()
}

/** Whether two digests are the same, in a time that says nothing about where they differ. */
export function digestsEqual(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left, 'utf8')
  const rightBytes = Buffer.from(right, 'utf8')
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}
