import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
import type { FieldError } from '../refusals.ts'

/** Visible ASCII without the colon that ends a username (RFC 7617 section 2). */
const USERNAME = /^[!-9;-~]{1,100}$/
/** Segments that a URL's reader takes out of its path (RFC 3986 section 5.2.4), however they are written. */
const DOTS = /^\.{1,2}$/

/** What is wrong with the username of a Basic credential. */
export function usernameErrors(path: string, username: string): FieldError[] {
  if (DOTS.test(username)) return [{ path, message: `"${username}" cannot stand in the path of a URL.` }]
  return USERNAME.test(username)
    ? []
    : [{ path, message: 'A username is 1 to 100 visible ASCII characters without a colon.' }]
}

/** A Basic credential as the audit log shows it: without the password's hash. */
export function auditedBasicCredential(row: BasicCredentialRow): Record<string, unknown> {
  const { passwordHash: _hash, ...facts } = row
  return facts
}
