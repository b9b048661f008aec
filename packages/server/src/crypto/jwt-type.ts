import type { JwsHeader } from './compact-jws.ts'

/** RFC 7519 section 5.1 and RFC 9068 section 2.1. */
const ISSUER_TYPES = ['jwt', 'at+jwt']

/**
 * Whether a header is that of a JWT for us (RFC 8725 section 3.11).
 *
 * Ours say exactly "JWT" and name their key. Identity providers say `JWT` or `at+jwt` in either case, with or without
 * `application/` (RFC 7515 section 4.1.9), or nothing. Other kinds, such as a logout token or a proof of possession,
 * are refused. An ID token (OpenID Connect) has no type of its own and cannot be told from an access token here: the
 * audience must do that.
 *
 * @param own whether the token claims to be one that we minted
 */
export function isJwtHeader({ typ, cty, kid }: JwsHeader, own: boolean): boolean {
  if (own) return typ === 'JWT' && cty === undefined && kid !== undefined
  // A nested JWT is no set of claims (RFC 7519 section 5.2).
  if (cty !== undefined && mediaType(cty) === 'jwt') return false
  return typ === undefined || ISSUER_TYPES.includes(mediaType(typ))
}

function mediaType(text: string): string {
  return text.toLowerCase().replace(/^application\//, '')
}
