import { isOptionalString, parseExactJsonObject, type JsonObject } from './strict-json.ts'

/** The tolerated difference between an issuer's clock and this machine's, in ms. */
export const CLOCK_SKEW_MS = 30_000

/** The claims of a JWT; the registered ones have the types of RFC 7519 section 4.1. */
export interface Claims {
  readonly iss: string | undefined
  readonly sub: string | undefined
  /** Always a list; empty if the claim is absent. */
  readonly aud: readonly string[]
  /** NumericDates: seconds since 1970, possibly with a fraction. */
  readonly exp: number | undefined
  readonly nbf: number | undefined
  readonly iat: number | undefined
  readonly jti: string | undefined
  /** Every claim as received, including the ones above. Numbers that JavaScript would write differently are `RawJson`. */
  readonly all: JsonObject
}

/** Which tokens are accepted. */
export interface ClaimRules {
  /** The exact `iss` (RFC 7519 section 4.1.1). */
  readonly issuer: string
  /** `aud` must contain exactly one of these values (RFC 7519 section 4.1.3). */
  readonly audiences: readonly string[]
  /** Whether Sallyport itself issues the tokens, which then require `sub`, `iat` and `jti`. */
  readonly own: boolean
}

/**
 * Parses the payload of a JWT (RFC 7519 section 7.2) without verifying it.
 *
 * @returns undefined if it is not an unambiguous JSON object, or if a registered claim has the wrong type
 */
export function readClaims(payload: Uint8Array): Claims | undefined {
  const all = parseExactJsonObject(payload)
  if (all === undefined) return undefined
  const { iss, sub, aud = [], jti } = all
  const [exp, nbf, iat] = [dateOf(all['exp']), dateOf(all['nbf']), dateOf(all['iat'])]
  const audiences = typeof aud === 'string' ? [aud] : aud
  if (!isOptionalString(iss) || !isOptionalString(sub) || !isOptionalString(jti)) return undefined
  if (exp === null || nbf === null || iat === null) return undefined
  if (!Array.isArray(audiences) || !audiences.every((entry) => typeof entry === 'string')) return undefined
  return { iss, sub, aud: audiences, exp, nbf, iat, jti, all }
}

/**
 * Checks the claims of a token. `exp` is required. The token ends at `exp` plus the skew; that instant is already
 * outside (RFC 7519 section 4.1.4: "on or after"). It starts at `nbf` minus the skew; that instant is inside (section
 * 4.1.5). `iat` is checked the same way, because a token cannot be issued in the future.
 *
 * @returns 'expired' if the token is acceptable except for its age
 */
export function checkClaims(
  claims: Claims,
  rules: ClaimRules,
  nowMs: number,
): 'valid' | 'invalid' | 'expired' {
  const { exp, nbf, iat } = claims
  if (claims.iss !== rules.issuer || !claims.aud.some((entry) => rules.audiences.includes(entry)))
    return 'invalid'
  if (rules.own && (claims.sub === undefined || iat === undefined || claims.jti === undefined))
    return 'invalid'
  const latestStartMs = nowMs + CLOCK_SKEW_MS
  if (exp === undefined || isAfter(nbf, latestStartMs) || isAfter(iat, latestStartMs)) return 'invalid'
  return nowMs - CLOCK_SKEW_MS >= exp * 1000 ? 'expired' : 'valid'
}

function isAfter(seconds: number | undefined, ms: number): boolean {
  return seconds !== undefined && seconds * 1000 > ms
}

/** A NumericDate; null for any other value. JSON allows numbers that overflow to Infinity, such as 1e999. */
function dateOf(value: unknown): number | undefined | null {
  if (value === undefined) return undefined
  const date = JSON.isRawJSON(value) ? Number(value.rawJSON) : value
  return typeof date === 'number' && Number.isFinite(date) ? date : null
}
