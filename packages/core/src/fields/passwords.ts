import type { Branded, Parsed } from './parsed.ts'

/** A password that a person chose. */
export type Password = Branded<string, 'Password'>

/** NIST SP 800-63B section 3.1.1.2, for a password that can be combined with a second factor. */
export const PASSWORD_CHARS_MIN = 8
/** Long enough for any passphrase, and bounded because each character costs time to hash. */
export const PASSWORD_CHARS_MAX = 256

/** Words of which a password must not be made up: they are what is guessed first. */
const COMMON = ['password', 'passwort', 'qwertyuiop', 'qwertzuiop', 'letmein', 'iloveyou', 'sallyport']

/**
 * Parses a new password, counted in characters as people see them (Unicode code points) after normalization to NFC, so
 * that the same password typed at another keyboard is the same. There are no rules about kinds of characters: they make
 * passwords worse (NIST SP 800-63B section 3.1.1.2).
 */
export function parsePassword(text: string): Parsed<Password> {
  const password = normalizePassword(text)
  const characters = Array.from(password)
  if (characters.length < PASSWORD_CHARS_MIN || characters.length > PASSWORD_CHARS_MAX) {
    return {
      ok: false,
      problem: `A password has ${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters. Several words make a good one.`,
    }
  }
  if (isGuessable(password)) {
    return { ok: false, problem: 'This password is easy to guess. Choose another one.' }
  }
  return { ok: true, value: password as Password }
}

/** The form in which passwords are hashed and compared. */
export function normalizePassword(text: string): string {
  return text.normalize('NFC')
}

/** Whether a password is a repeated character, a run such as 12345678, or a common word with digits after it. */
function isGuessable(password: string): boolean {
  if (COMMON.includes(password.toLowerCase().replace(/\d*$/, ''))) return true
  const codes = Array.from(password, (character) => character.codePointAt(0) ?? 0)
  const [step = 0, ...others] = codes.slice(1).map((code, index) => code - (codes[index] ?? 0))
  // A keyboard has 0 after 9.
  return Math.abs(step) <= 1 && others.every((other) => other === step || Math.abs(other) === 9)
}
