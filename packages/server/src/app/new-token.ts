import { randomBase62 } from '@sallyport/core'
import { tokenDigest } from '../crypto/digest.ts'

/** 190 random bits, like the secret of an API key. */
const TOKEN_CHARS = 32

export interface NewToken {
  readonly token: string
  /** SHA-256 of the token: only this is stored. */
  readonly digest: string
}

/** A new token of a session, a ticket or an invitation. */
export function newToken(randomBytes: (count: number) => Uint8Array): NewToken {
  const token = randomBase62(TOKEN_CHARS, randomBytes)
  return { token, digest: tokenDigest(token) }
}
