import type { ProviderAccount } from './sign-in-provider.ts'

/** At most 255 ASCII characters: OpenID Connect Core 1.0 section 2. */
const SUBJECT = /^[ -~]{1,255}$/
/** RFC 5321 section 4.5.3.1.3, without the angle brackets. */
const EMAIL_CHARS_MAX = 254
const NAME_CHARS_MAX = 200

export type Claims = Readonly<Record<string, unknown>>

/** The subject of an ID token, or null if it is not valid. */
export function subjectOf(claims: Claims): string | null {
  const { sub } = claims
  return typeof sub === 'string' && SUBJECT.test(sub) ? sub : null
}

/**
 * The account that claims describe (OpenID Connect Core 1.0 section 5.1).
 *
 * @param claims of an ID token, or of the UserInfo endpoint for the same subject
 */
export function accountOf(subject: string, claims: Claims): ProviderAccount {
  const email = textOf(claims['email'], EMAIL_CHARS_MAX)
  const isVerified = claims['email_verified']
  return {
    subject,
    email,
    // Some providers send the text "true".
    emailVerified: email !== null && (isVerified === true || isVerified === 'true'),
    name: textOf(claims['name'], NAME_CHARS_MAX),
  }
}

function textOf(value: unknown, charsMax: number): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' || text.length > charsMax || /\p{Cc}/u.test(text) ? null : text
}
