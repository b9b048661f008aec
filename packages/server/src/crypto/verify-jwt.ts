import type { CompactJws } from './compact-jws.ts'
import { checkClaims, readClaims, type ClaimRules, type Claims } from './jwt-claims.ts'
import { isJwtHeader } from './jwt-type.ts'
import type { KeySet } from './key-set.ts'
import { verifyJws } from './verify-jws.ts'

export type JwtVerdict =
  { readonly kind: 'valid'; readonly claims: Claims } | { readonly kind: 'invalid' | 'expired' }

const INVALID: JwtVerdict = { kind: 'invalid' }

/**
 * Verifies a JWT as RFC 7519 section 7.2 and RFC 8725 ask: header, signature, claims.
 *
 * @param keys of the issuer that `rules` names, and of nobody else
 * @returns 'expired' only for a token that was acceptable once
 */
export async function verifyJwt(
  jws: CompactJws,
  keys: KeySet,
  rules: ClaimRules,
  nowMs: number,
): Promise<JwtVerdict> {
  if (!isJwtHeader(jws.header, rules.own)) return INVALID
  // What costs nothing comes first: a token with wrong claims is not worth a signature's verification.
  const claims = readClaims(jws.payload)
  if (claims === undefined) return INVALID
  const kind = checkClaims(claims, rules, nowMs)
  if (kind === 'invalid') return INVALID
  const verified = await verifyJws(jws, keys)
  if (verified === undefined) return INVALID
  return kind === 'valid' ? { kind, claims } : { kind }
}
