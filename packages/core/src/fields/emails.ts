import { type Branded, parserOf } from './parsed.ts'

/** An e-mail address in lower case. It is the name that a person signs in with. */
export type Email = Branded<string, 'Email'>

/** RFC 5321 section 4.5.3.1.3, without the angle brackets. */
export const EMAIL_CHARS_MAX = 254

/**
 * What browsers accept (HTML, "valid e-mail address"), with a dot in the domain and a local part of at most 64 octets
 * (RFC 5321 section 4.5.3.1.1). Only ASCII, so that no two addresses look alike.
 */
export const EMAIL =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/

const parseAddress = parserOf<string, 'Email'>(
  (text) => text.length <= EMAIL_CHARS_MAX && EMAIL.test(text),
  'An e-mail address looks like name@example.com, in ASCII. Write an international domain in its xn-- form.',
)

/** Parses an e-mail address. Upper and lower case are the same: two accounts must not differ only by them. */
export function parseEmail(text: string): ReturnType<typeof parseAddress> {
  return parseAddress(normalizeEmail(text))
}

/** The form in which an e-mail address is stored and compared, also of text that is none. */
export function normalizeEmail(text: string): string {
  return text.trim().toLowerCase()
}
