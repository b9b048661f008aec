const BYTES = 16
const HEX = 16

/**
 * A random id of 128 bits, as hexadecimal digits. Not `crypto.randomUUID`: browsers have it only in secure contexts (W3C
 * Secure Contexts), and so not in a page that a server in a private network serves over plain HTTP.
 */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES))
  return Array.from(bytes, (byte) => byte.toString(HEX).padStart(2, '0')).join('')
}
