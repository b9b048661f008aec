/** The start of a token as it is issued. The id may be logged, the secret may not. */
const KEY_OF_TOKEN = /^sp_[sp]k_[0-9A-Za-z]{16}(?=_)/
/** What every form of a token contains, as a quick check. */
const SUSPECT = /sp_|%/i

/** A percent-encoded ASCII character of these hexadecimal codes, encoded once or more often. */
const encoded = (codes: string): string => `%(?:25){0,8}(?:${codes})`
const LETTER_OR_DIGIT = `(?:[0-9a-z]|${encoded('3[0-9]|[46][1-9a-f]|[57][0-9a]')})`
const UNDERSCORE = `(?:_|${encoded('5f')})`
/** What a mail or a terminal puts into a long word. */
const BREAK = `(?:[\\s+]|\\\\[nrt]|${encoded('20|0a|0d|09')}){0,4}`
/** A token in any form: as it is, percent-encoded in part or as a whole, in another case, or with spaces inside. */
const TOKEN = new RegExp(
  [
    `(?:s|${encoded('[57]3')})(?:p|${encoded('[57]0')})${UNDERSCORE}`,
    `(?:[sp]|${encoded('[57][03]')})(?:k|${encoded('[46]b')})${UNDERSCORE}`,
    `(?:${LETTER_OR_DIGIT}${BREAK}){16}${UNDERSCORE}`,
    // A part of a token ends with a space, since the next words are not its.
    `(?:(?:${BREAK}${LETTER_OR_DIGIT}){38}|${LETTER_OR_DIGIT}{1,37})`,
  ].join(BREAK),
  'gi',
)
/** A JSON Web Token (RFC 7515 section 7.1), whose header begins with `{"`. */
const JWT_IN_TEXT = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g

export const REDACTED = '[redacted]'

/** Replaces the secret of every token in a text, and JSON Web Tokens. What precedes the secret stays if it is as it was issued. */
export function redactTokens(text: string): string {
  const redacted = text.replace(JWT_IN_TEXT, REDACTED)
  if (!SUSPECT.test(redacted)) return redacted
  return redacted.replace(TOKEN, (token) => {
    const [key] = KEY_OF_TOKEN.exec(token) ?? []
    return key === undefined ? REDACTED : `${key}_${REDACTED}`
  })
}
