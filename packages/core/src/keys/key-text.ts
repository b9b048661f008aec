import { decodeBase62, encodeBase62, isBase62, randomBase62 } from './base62.ts'
import { crc32 } from './crc32.ts'

/** A key's id as the API shows it: `key_` and 16 base62 characters. Safe to log, to show and to hand to a partner. */
export type KeyId = `key_${string}`

/** `public` identifies an organization and may be published; `secret` does the rest. */
export type KeyType = 'public' | 'secret'

const KEY_ID_CHARS = 16
const SECRET_CHARS = 32
const CHECK_CHARS = 6
const ID_START = 6
const ID_END = ID_START + KEY_ID_CHARS
const CHECK_START = ID_END + 1 + SECRET_CHARS
const UNDERSCORE = 95

/** `sp_sk_`, 16 characters of id, `_`, 32 of secret and 6 of check. */
export const TOKEN_CHARS = CHECK_START + CHECK_CHARS

/** How much of a token its hint shows: enough to tell two secrets apart, too little to be of use (24 bits of 190). */
const HINT_CHARS = 4

/** A token that has the shape of ours and whose check is right. That makes it well typed, not authentic. */
export interface ParsedToken {
  readonly token: string
  readonly type: KeyType
  readonly keyId: KeyId
}

const PREFIX: Readonly<Record<KeyType, string>> = { public: 'sp_pk_', secret: 'sp_sk_' }

/** Makes a new key id. */
export function makeKeyId(randomBytes: (count: number) => Uint8Array): KeyId {
  return `key_${randomBase62(KEY_ID_CHARS, randomBytes)}`
}

/** Makes a new token for a key: a fresh secret of 190 bits under the key's id. */
export function makeToken(type: KeyType, keyId: KeyId, randomBytes: (count: number) => Uint8Array): string {
  const body = `${PREFIX[type]}${keyId.slice(4)}_${randomBase62(SECRET_CHARS, randomBytes)}`
  return body + encodeBase62(crc32(body, body.length), CHECK_CHARS)
}

/**
 * Reads a token. The check is a typo filter and makes scanners exact; it is never authentication.
 *
 * @returns the parts, or undefined for anything that is not, to the character, a token of ours
 */
export function parseToken(token: string): ParsedToken | undefined {
  if (token.length !== TOKEN_CHARS) return undefined
  const type = token.startsWith('sp_sk_') ? 'secret' : token.startsWith('sp_pk_') ? 'public' : undefined
  if (type === undefined || token.charCodeAt(ID_END) !== UNDERSCORE) return undefined
  if (!isBase62(token, ID_START, ID_END) || !isBase62(token, ID_END + 1, TOKEN_CHARS)) return undefined
  // Six characters hold more than 32 bits, but each check has one spelling: equal numbers are equal texts.
  if (decodeBase62(token, CHECK_START, TOKEN_CHARS) !== crc32(token, CHECK_START)) return undefined
  return { token, type, keyId: `key_${token.slice(ID_START, ID_END)}` }
}

/** Whether a text is a key id of ours in form. */
export function isKeyId(text: string): text is KeyId {
  return /^key_[0-9A-Za-z]{16}$/.test(text)
}

/** What a person is shown in place of a token: the prefix, the id, and the last characters of the secret. */
export function tokenHint(token: string): string {
  return `${token.slice(0, ID_END)}_…${token.slice(CHECK_START - HINT_CHARS, CHECK_START)}`
}
