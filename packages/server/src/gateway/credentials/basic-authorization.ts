import { isUtf8 } from 'node:buffer'

/** The maximum length of a username, whose characters are one byte each. */
const USERNAME_BYTES_MAX = 100
/** Longer than any generated password. */
const PASSWORD_BYTES_MAX = 256

// RFC 7617 section 2 forbids control characters in both. Generated usernames use only these characters.
const USERNAME = /^[!-9;-~]+$/
const CONTROL = /\p{Cc}/u

/** A caller's unverified username and password. */
export interface UsernameAndPassword {
  readonly username: string
  readonly password: string
}

/**
 * Decodes the credentials after `Basic` (RFC 7617 section 2): strict Base64 of UTF-8, split at the first colon.
 *
 * @returns undefined if they are malformed or cannot be valid
 */
export function readBasic(encoded: string): UsernameAndPassword | undefined {
  const bytes = Buffer.from(encoded, 'base64')
  // Node.js skips characters that are not Base64 and accepts missing padding; RFC 4648 section 3 allows neither.
  if (bytes.toString('base64') !== encoded || !isUtf8(bytes)) return undefined
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  const read = { username: text.slice(0, colon), password: text.slice(colon + 1) }
  return isPlausible(read) ? read : undefined
}

/** Whether a username and password could be valid. A cheap check before any hashing. */
export function isPlausible({ username, password }: UsernameAndPassword): boolean {
  return (
    username.length <= USERNAME_BYTES_MAX &&
    USERNAME.test(username) &&
    password.length > 0 &&
    Buffer.byteLength(password) <= PASSWORD_BYTES_MAX &&
    password.isWellFormed() &&
    !CONTROL.test(password)
  )
}
