import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 of a whole token as 64 lower-case hexadecimal digits. The store keeps only this of a token. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** SHA-256 of a whole token as 32 bytes, for comparison with a snapshot's digests. */
export function tokenDigestBytes(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** Compares two digests in constant time. */
export function digestsEqual(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left)
  const rightBytes = Buffer.from(right)
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}
