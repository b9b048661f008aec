import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 of a whole token as 64 lower-case hexadecimal digits: what is kept of a token of 190 random bits. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex')
}

/** Whether two digests are the same, in a time that says nothing about where they differ. */
export function digestsEqual(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left, 'latin1')
  const rightBytes = Buffer.from(right, 'latin1')
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}
