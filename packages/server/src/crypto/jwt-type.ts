import type { JwsHeader } from './compact-jws.ts'

/** RFC 7519 section 5.1 and RFC 9068 section 2.1. */
const ISSUER_TYPES = ['jwt', 'at+jwt']

/**
 * Whether a header describes an acceptable JWT (RFC 8725 section 3.11).
 *
 * Sallyport's own tokens have exactly the type "JWT" and name their key. Identity providers send `JWT` or `at+jwt` in
 * either case, with or without `application/` (RFC 7515 section 4.1.9), or no type. Other types, such as a logout token
 * or a proof of possession, are rejected. An OpenID Connect ID token has no type of its own, so only the audience can
 * distinguish it from an access token.
 *
 * @param own whether the token's issuer is Sallyport itself
 */
export function isJwtHeader({ typ, cty, kid }: JwsHeader, own: boolean): boolean {
  if (own) return typ === 'JWT' && cty === undefined && kid !== undefined
  // The payload of a nested JWT is not a claims set (RFC 7519 section 5.2).
  if (cty !== undefined && mediaType(cty) === 'jwt') return false
  return typ === undefined || ISSUER_TYPES.includes(mediaType(typ))
}

function mediaType(text: string): string {
  return text.toLowerCase().replace(/^application\//, '')
}
