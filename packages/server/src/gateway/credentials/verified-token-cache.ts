import { hash } from 'node:crypto'
import type { EnvironmentView, IssuerRecord, JwtFact, SigningKeyRecord } from '@sallyport/core'
import { checkClaims, type ClaimRules, type Claims } from '../../crypto/jwt-claims.ts'

/** How many tokens are cached; the least recently used one is evicted first. */
const TOKENS_MAX = 10_000
/** The estimated size of all entries together. */
const BYTES_MAX = 32 * 1024 * 1024
/** The size of an entry without its claims, in bytes: a generous estimate. */
const ENTRY_BYTES = 1024
/** Memory per character of the claims in bytes: nested arrays grow the most when parsed. */
const BYTES_PER_CHARACTER = 8

/** A token with a valid signature. It may have expired. */
export interface VerifiedToken {
  readonly claims: Claims
  readonly rules: ClaimRules
  /** The fact while the token is within its lifetime. */
  readonly fact: JwtFact
  /**
   * The environment's map of keys or of issuers that the token was verified with. The entry is valid only while the
   * environment has this same object: any change of a key or issuer replaces it.
   */
  readonly trustedBy: ReadonlyMap<string, SigningKeyRecord> | ReadonlyMap<string, IssuerRecord>
  /** When the key stops verifying, in ms since 1970; `Infinity` for never. */
  readonly usableUntilMs: number
  /** When the signature must be verified again, in ms by the monotonic clock; `Infinity` for never. */
  readonly verifyAgainAtMs: number
  /** The length of the encoded claims. */
  readonly characters: number
}

const EXPIRED: JwtFact = { kind: 'expired' }
const INVALID: JwtFact = { kind: 'invalid' }

/**
 * The cache key of a token: its digest, so that no token stays in memory, and the environment, since two environments may
 * trust the same issuer. In Node.js a digest as a string takes a third of the time of one as a buffer.
 */
export function tokenCacheKey({ organization, name }: EnvironmentView, token: string): string {
  return `${hash('sha256', token)}${organization} ${name}`
}

/** The fact of a verified token now. Its age is checked on every use. */
export function factOf({ claims, rules, fact }: VerifiedToken, nowMs: number): JwtFact {
  const age = checkClaims(claims, rules, nowMs)
  if (age === 'valid') return fact
  return age === 'expired' ? EXPIRED : INVALID
}

/**
 * Caches verified tokens, so that a repeated token costs a digest and a lookup. Rejected tokens are not cached: an attacker
 * would send a different one each time and evict the valid ones.
 */
export class VerifiedTokenCache {
  /** In the order of last use. */
  readonly #entries = new Map<string, VerifiedToken>()
  readonly #tokensMax: number
  readonly #bytesMax: number
  #bytes = 0

  constructor(tokensMax: number = TOKENS_MAX, bytesMax: number = BYTES_MAX) {
    this.#tokensMax = tokensMax
    this.#bytesMax = bytesMax
  }

  get size(): number {
    return this.#entries.size
  }

  /**
   * @param cacheKey from `tokenCacheKey` for the same environment
   * @param monotonicMs the present time by the monotonic clock
   */
  find(
    cacheKey: string,
    environment: EnvironmentView,
    nowMs: number,
    monotonicMs: number,
  ): VerifiedToken | undefined {
    const token = this.#entries.get(cacheKey)
    if (token === undefined) return undefined
    this.#remove(cacheKey, token)
    const { trustedBy } = token
    const isTrusted = trustedBy === environment.signingKeys || trustedBy === environment.issuers
    if (!isTrusted || nowMs >= token.usableUntilMs) return undefined
    if (monotonicMs >= token.verifyAgainAtMs) return undefined
    this.#add(cacheKey, token)
    return token
  }

  set(cacheKey: string, token: VerifiedToken): void {
    const known = this.#entries.get(cacheKey)
    if (known !== undefined) this.#remove(cacheKey, known)
    this.#add(cacheKey, token)
    for (const [oldest, old] of this.#entries) {
      if (this.#entries.size <= this.#tokensMax && this.#bytes <= this.#bytesMax) break
      this.#remove(oldest, old)
    }
  }

  #add(cacheKey: string, token: VerifiedToken): void {
    this.#entries.set(cacheKey, token)
    this.#bytes += bytesOf(token)
  }

  #remove(cacheKey: string, token: VerifiedToken): void {
    this.#entries.delete(cacheKey)
    this.#bytes -= bytesOf(token)
  }
}

function bytesOf({ characters }: VerifiedToken): number {
  return ENTRY_BYTES + characters * BYTES_PER_CHARACTER
}
