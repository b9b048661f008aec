const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The largest multiple of 62 that fits a byte. Bytes from here on are rejected, so all characters are equally likely. */
const BYTE_LIMIT = 248

/** Stands for a character that is not a digit. */
const NO_DIGIT = 62

/** The code of the character of each value. */
export const BASE62_CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0))

/** The value of each ASCII character as a digit; 62 for a character that is not a digit. */
export const BASE62_VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = ALPHABET.indexOf(String.fromCharCode(code))
  return digit < 0 ? NO_DIGIT : digit
})

/** Whether all characters of a text from `start` up to, but not including, `end` are base62. */
export function isBase62(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    if ((BASE62_VALUES[text.charCodeAt(index)] ?? NO_DIGIT) === NO_DIGIT) return false
  }
  return true
}

/** The value of at most 8 base62 characters, from `start` up to, but not including, `end`. */
export function decodeBase62(text: string, start: number, end: number): number {
  let value = 0
  for (let index = start; index < end; index += 1)
    value = value * 62 + (BASE62_VALUES[text.charCodeAt(index)] ?? 0)
  return value
}

/**
 * Draws `length` base62 characters, each with the same probability, from a source of random bytes.
 *
 * @param randomBytes returns `count` cryptographically random bytes; called again when too many are rejected
 */
export function randomBase62(length: number, randomBytes: (count: number) => Uint8Array): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < BYTE_LIMIT && text.length < length) text += ALPHABET.charAt(byte % 62)
    }
  }
  return text
}

/** Writes an unsigned integer in base62, most significant character first, padded with `0` to `width` characters. */
export function encodeBase62(value: number, width: number): string {
  let rest = value
  let text = ''
  for (let position = 0; position < width; position += 1) {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}
