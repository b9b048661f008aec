import { isUtf8 } from 'node:buffer'

/** As many as a username may have; each is one byte. */
const USERNAME_BYTES_MAX = 100
/** More than any password that we make. */
const PASSWORD_BYTES_MAX = 256
/** Base64 of the two and their colon. */
const ENCODED_CHARS_MAX = Math.ceil((USERNAME_BYTES_MAX + 1 + PASSWORD_BYTES_MAX) / 3) * 4

// RFC 7617 section 2 has no control characters in either; no username that is given out has anything but these.
const USERNAME = /^[!-9;-~]+$/
const CONTROL = /\p{Cc}/u

/** A username and a password as a caller sends them. Nothing here has been verified. */
export interface UsernameAndPassword {
  readonly username: string
  readonly password: string
}

/**
 * Reads what stands behind `Basic` (RFC 7617 section 2): base64 to the letter, UTF-8, and the first colon parts the
 * two.
 *
 * @returns undefined for what no caller of ours can have been given
 */
export function readBasic(encoded: string): UsernameAndPassword | undefined {
  if (encoded.length === 0 || encoded.length > ENCODED_CHARS_MAX) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  // Node.js passes over what is not base64 and takes what is not padded; RFC 4648 section 3 lets neither pass.
  if (bytes.toString('base64') !== encoded || !isUtf8(bytes)) return undefined
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  const read = { username: text.slice(0, colon), password: text.slice(colon + 1) }
  return canBeRight(read) ? read : undefined
}

/** Whether a username and a password could be right at all; told apart from those that could before any work. */
export function canBeRight({ username, password }: UsernameAndPassword): boolean {
  return (
    username.length <= USERNAME_BYTES_MAX &&
    USERNAME.test(username) &&
    password.length > 0 &&
    Buffer.byteLength(password) <= PASSWORD_BYTES_MAX &&
    password.isWellFormed() &&
    !CONTROL.test(password)
  )
}
