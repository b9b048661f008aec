import { parseJsonObject, type JsonObject } from './strict-json.ts'

/** How far the clocks of those who make tokens and ours may be apart. */
export const CLOCK_SKEW_MS = 30_000

/** The claims of a JWT, of the right types where RFC 7519 section 4.1 gives them one. */
export interface Claims {
  readonly iss: string | undefined
  readonly sub: string | undefined
  /** Always a list; empty where there is none. */
  readonly aud: readonly string[]
  /** NumericDates: seconds since 1970, possibly with a fraction. */
  readonly exp: number | undefined
  readonly nbf: number | undefined
  readonly iat: number | undefined
  readonly jti: string | undefined
  /** Every claim as it came, the ones above among them. */
  readonly all: JsonObject
}

/** Whose tokens are taken. */
export interface ClaimRules {
  /** What `iss` must be, to the character (RFC 7519 section 4.1.1). */
  readonly issuer: string
  /** `aud` must hold one of these, to the character (RFC 7519 section 4.1.3). */
  readonly audiences: readonly string[]
  /** Whether it is a token that we mint, which always has `sub`, `iat` and `jti`. */
  readonly own: boolean
}

/**
 * Reads the payload of a JWT (RFC 7519 section 7.2). It says nothing about who made it.
 *
 * @returns undefined where it is not one unambiguous JSON object, or a registered claim is of another type than its own
 */
export function readClaims(payload: Uint8Array): Claims | undefined {
  const all = parseJsonObject(payload)
  if (all === undefined) return undefined
  const { iss, sub, aud = [], exp, nbf, iat, jti } = all
  const audiences = typeof aud === 'string' ? [aud] : aud
  if (!isText(iss) || !isText(sub) || !isText(jti)) return undefined
  if (!isDate(exp) || !isDate(nbf) || !isDate(iat)) return undefined
  if (!Array.isArray(audiences) || !audiences.every((entry) => typeof entry === 'string')) return undefined
  return { iss, sub, aud: audiences, exp, nbf, iat, jti, all }
}

/**
 * Whether claims of a verified token are acceptable now. `exp` is required: a token without end is refused. It ends at
 * `exp` plus the skew, that instant being outside already (RFC 7519 section 4.1.4: "on or after"). It begins at `nbf`
 * minus the skew, that instant being inside (section 4.1.5); the same goes for `iat`, since nobody has made a token
 * that is still to be made.
 *
 * @returns 'expired' where its age alone is wrong
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

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

/** JSON has numbers that are too large for ours, such as 1e999. */
function isDate(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value))
}
