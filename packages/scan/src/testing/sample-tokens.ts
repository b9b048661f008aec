import { createHash } from 'node:crypto'
import { type KeyType, makeKeyId, makeToken } from '@sallyport/core/key-text'

/** A valid token that depends only on its number, so that no test file has one in its text. */
export function sampleToken(number: number, type: KeyType = 'secret'): string {
  let drawn = 0
  const bytes = (count: number): Uint8Array => {
    drawn += 1
    return createHash('sha512').update(`${type} ${number} ${drawn}`).digest().subarray(0, count)
  }
  return makeToken(type, makeKeyId(bytes), bytes)
}

/** The token with another last character: its check is wrong. */
export function miscopied(token: string): string {
  return token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')
}
