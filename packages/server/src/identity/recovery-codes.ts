import { tokenDigest } from '../crypto/digest.ts'

const CODES = 10
const GROUPS = 4
const GROUP_CHARS = 4
/**
 * The symbols of Crockford's base 32 in lower case: digits, and the letters without i, l, o and u. Each of the 16
 * symbols of a code has 5 random bits.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const CODE_CHARS = GROUPS * GROUP_CHARS
const CODE_PATTERN = new RegExp(`^[${ALPHABET}]{${CODE_CHARS}}$`)
/** What people type for other symbols, as Crockford decodes it. */
const LOOK_ALIKES: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1' }

function newCode(randomBytes: (count: number) => Uint8Array): string {
  // 256 is a multiple of 32, so every symbol is equally likely.
  const symbols = Array.from(randomBytes(CODE_CHARS), (byte) => ALPHABET.charAt(byte % ALPHABET.length))
  const groups = Array.from({ length: GROUPS }, (_, group) =>
    symbols.slice(group * GROUP_CHARS, (group + 1) * GROUP_CHARS).join(''),
  )
  return groups.join('-')
}

/**
 * Makes ten recovery codes, each of 80 random bits in four groups, such as `7k3m-q9x2-04tb-hz5w`.
 *
 * @param randomBytes returns `count` cryptographically random bytes
 */
export function newRecoveryCodes(randomBytes: (count: number) => Uint8Array): readonly string[] {
  return Array.from({ length: CODES }, () => newCode(randomBytes))
}

/**
 * The digest of a recovery code in the way a person types it: in any case, with or without spaces and hyphens, and with
 * O for 0 or I and L for 1. The id of the person is its salt (NIST SP 800-63B section 5.1.2.2).
 *
 * @returns 64 hexadecimal digits, or null if the text cannot be a recovery code
 */
export function recoveryCodeDigest(person: string, typed: string): string | null {
  const symbols = typed.toLowerCase().replaceAll(/[\s-]/g, '')
  const code = symbols.replaceAll(/[oil]/g, (symbol) => LOOK_ALIKES[symbol] ?? symbol)
  return CODE_PATTERN.test(code) ? tokenDigest(`${person}/${code}`) : null
}
