const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The largest multiple of 62 in a byte: larger bytes are rejected, so that every character is equally likely. */
const BYTE_LIMIT = 248

/** Whether a character code is one of `0-9A-Za-z`. */
export function isBase62Code(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

/**
 * Draws `length` base62 characters, each with the same probability, from a source of random bytes.
 *
 * @param randomBytes gives that many cryptographically random bytes; asked again when too many are rejected
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

/** An unsigned integer as base62, most significant character first, padded with `0` to `width`. */
export function encodeBase62(value: number, width: number): string {
  let rest = value
  let text = ''
  for (let position = 0; position < width; position += 1) {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}
