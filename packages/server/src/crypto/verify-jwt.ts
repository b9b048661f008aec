import type { CompactJws } from './compact-jws.ts'
import { checkClaims, readClaims, type ClaimRules, type Claims } from './jwt-claims.ts'
import { isJwtHeader } from './jwt-type.ts'
import type { KeySet } from './key-set.ts'
import { verifyJws } from './verify-jws.ts'

export type JwtVerdict =
  | { readonly kind: 'valid'; readonly claims: Claims }
  | { readonly kind: 'invalid' | 'expired' }

const INVALID: JwtVerdict = { kind: 'invalid' }

/**
 * Verifies a JWT as RFC 7519 section 7.2 and RFC 8725 require: header, claims, signature.
 *
 * @param keys the keys of the issuer in `rules`, and no others
 * @returns 'expired' only for a token that is valid except for its age
 */
export async function verifyJwt(
  jws: CompactJws,
  keys: KeySet,
  rules: ClaimRules,
  nowMs: number,
): Promise<JwtVerdict> {
  if (!isJwtHeader(jws.header, rules.own)) return INVALID
  // The claims come first because checking them is cheap compared with verifying a signature.
  const claims = readClaims(jws.payload)
  if (claims === undefined) return INVALID
  const kind = checkClaims(claims, rules, nowMs)
  if (kind === 'invalid') return INVALID
  const verified = await verifyJws(jws, keys)
  if (verified === undefined) return INVALID
  return kind === 'valid' ? { kind, claims } : { kind }
}
