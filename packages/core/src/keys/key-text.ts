import { decodeBase62, encodeBase62, isBase62, randomBase62 } from './base62.ts'

/** A key's id in the API: `key_` and 16 base62 characters. It is not secret: it may be logged and shown. */
export type KeyId = `key_${string}`

/** A `public` key identifies an organization and may be published; a `secret` key authorizes. */
export type KeyType = 'public' | 'secret'

const KEY_ID_CHARS = 16
const SECRET_CHARS = 32
const CHECKSUM_CHARS = 6
const ID_START = 6
const ID_END = ID_START + KEY_ID_CHARS
const CHECKSUM_START = ID_END + 1 + SECRET_CHARS
const UNDERSCORE = 95

/** The length of a token: `sp_sk_`, an id of 16 characters, `_`, a secret of 32 and a checksum of 6. */
export const TOKEN_CHARS = CHECKSUM_START + CHECKSUM_CHARS

/** How many characters of a secret its hint shows: they tell two secrets apart but reveal only 24 of 190 bits. */
const HINT_CHARS = 4

/** A well-formed token with a correct checksum. It is not yet authenticated. */
export interface ParsedToken {
  readonly token: string
  readonly type: KeyType
  readonly keyId: KeyId
}

const PREFIX: Readonly<Record<KeyType, string>> = { public: 'sp_pk_', secret: 'sp_sk_' }

/**
 * Makes a new key id.
 *
 * @param randomBytes returns `count` cryptographically random bytes
 */
export function makeKeyId(randomBytes: (count: number) => Uint8Array): KeyId {
  return `key_${randomBase62(KEY_ID_CHARS, randomBytes)}`
}

/**
 * Makes a new token for a key, with a new secret of 190 bits.
 *
 * @param randomBytes returns `count` cryptographically random bytes
 */
export function makeToken(type: KeyType, keyId: KeyId, randomBytes: (count: number) => Uint8Array): string {
  const body = `${PREFIX[type]}${keyId.slice(4)}_${randomBase62(SECRET_CHARS, randomBytes)}`
  return body + encodeBase62(crc32(body, body.length), CHECKSUM_CHARS)
}

/**
 * Parses a token. The checksum detects typos and lets secret scanners match exactly; it does not authenticate.
 *
 * @returns undefined when the text is not exactly one well-formed token
 */
export function parseToken(token: string): ParsedToken | undefined {
  if (token.length !== TOKEN_CHARS) return undefined
  const type = token.startsWith('sp_sk_') ? 'secret' : token.startsWith('sp_pk_') ? 'public' : undefined
  if (type === undefined || token.charCodeAt(ID_END) !== UNDERSCORE) return undefined
  if (!isBase62(token, ID_START, ID_END) || !isBase62(token, ID_END + 1, TOKEN_CHARS)) return undefined
  // Six characters hold more than 32 bits, but each checksum has only one spelling, so comparing numbers is enough.
  if (decodeBase62(token, CHECKSUM_START, TOKEN_CHARS) !== crc32(token, CHECKSUM_START)) return undefined
  return { token, type, keyId: `key_${token.slice(ID_START, ID_END)}` }
}

/** A token, or what is left of one whose end was changed. */
const TOKEN_WITHIN = /sp_[ps]k_[0-9A-Za-z]{16}_[0-9A-Za-z]{16}/

/** Whether a text contains a token, or the larger part of one. Such a text must not get into a URL, a list or a log. */
export function containsToken(text: string): boolean {
  return TOKEN_WITHIN.test(text)
}

const SECRET_TOKEN_WITHIN = /sp_sk_[0-9A-Za-z]{16}_[0-9A-Za-z]{16}/

/** Like `containsToken`, for the tokens of secret keys alone: those of public keys may be published. */
export function containsSecretToken(text: string): boolean {
  return SECRET_TOKEN_WITHIN.test(text)
}

/** Whether a text has the form of a key id. */
export function isKeyId(text: string): text is KeyId {
  return /^key_[0-9A-Za-z]{16}$/.test(text)
}

/** The text that stands for a token in the API: the prefix, the id and the last four characters of the secret. */
export function tokenHint(token: string): string {
  return `${token.slice(0, ID_END)}_…${token.slice(CHECKSUM_START - HINT_CHARS, CHECKSUM_START)}`
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The tables for a byte that one, two or three others follow. */
const CRC_TABLE_1 = followed(CRC_TABLE)
const CRC_TABLE_2 = followed(CRC_TABLE_1)
const CRC_TABLE_3 = followed(CRC_TABLE_2)

function followed(table: Int32Array): Int32Array {
  return table.map((value) => (CRC_TABLE[value & 0xff] ?? 0) ^ (value >>> 8))
}

/**
 * CRC-32 (ISO 3309, as in zip and PNG) of the first `length` characters of an ASCII text, as an unsigned integer. It takes
 * four characters in a step (Kounavis and Berry, "A Systematic Approach to Building High Performance Software-Based CRC
 * Generators", 2005): one at a time, each step waits for the one before, and a token takes three times as long.
 */
export function crc32(text: string, length: number): number {
  let crc = 0xffffffff | 0
  let index = 0
  for (; index + 4 <= length; index += 4) {
    crc =
      (CRC_TABLE_3[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0) ^
      (CRC_TABLE_2[((crc >>> 8) ^ text.charCodeAt(index + 1)) & 0xff] ?? 0) ^
      (CRC_TABLE_1[((crc >>> 16) ^ text.charCodeAt(index + 2)) & 0xff] ?? 0) ^
      (CRC_TABLE[((crc >>> 24) ^ text.charCodeAt(index + 3)) & 0xff] ?? 0)
  }
  for (; index < length; index += 1) {
    crc = (CRC_TABLE[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  return (crc ^ 0xffffffff) >>> 0
}
