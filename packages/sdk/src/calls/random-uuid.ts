const BYTES = 16
const HEX = 16
/** Where the version and the variant of a UUID stand (RFC 9562 section 5.4). */
const [VERSION_AT, VARIANT_AT] = [6, 8]
const GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/

/**
 * A random UUID. Not `crypto.randomUUID`: browsers have it only in secure contexts (W3C
 * Secure Contexts), and so not in a page that a server in a private network serves over plain HTTP.
 */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES))
  bytes[VERSION_AT] = 0x40 | ((bytes[VERSION_AT] ?? 0) & 0x0f)
  bytes[VARIANT_AT] = 0x80 | ((bytes[VARIANT_AT] ?? 0) & 0x3f)
  const digits = Array.from(bytes, (byte) => byte.toString(HEX).padStart(2, '0')).join('')
  return digits.replace(GROUPS, '$1-$2-$3-$4-$5')
}
