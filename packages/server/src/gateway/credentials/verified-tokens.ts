import { hash } from 'node:crypto'
import type { EnvironmentView, IssuerRecord, JwtFact, SigningKeyRecord } from '@sallyport/core'
import { checkClaims, type ClaimRules, type Claims } from '../../crypto/jwt-claims.ts'

/** How many tokens are remembered; the one unused longest goes first. */
const TOKENS_MAX = 10_000
/** How many bytes they may come to together. */
const BYTES_MAX = 32 * 1024 * 1024
/** What an entry takes beside the token's claims, in bytes; roughly, and rather too much. */
const ENTRY_BYTES = 1024
/** How many bytes a character of a token can become, as lists within lists do when they are parsed. */
const BYTES_PER_CHARACTER = 8

/** A token whose signature is right. It may have expired. */
export interface VerifiedToken {
  readonly claims: Claims
  readonly rules: ClaimRules
  /** What it is worth while its age allows. */
  readonly fact: JwtFact
  /**
   * The environment's keys or its issuers, whichever vouches for the token. The token is good only as long as the
   * environment holds this very object: any change of a key or an issuer puts another one in its place.
   */
  readonly vouching: ReadonlyMap<string, SigningKeyRecord> | ReadonlyMap<string, IssuerRecord>
  /** When the signature must be verified again, if not before; `Infinity` for never. */
  readonly usableUntilMs: number
  readonly characters: number
}

const EXPIRED: JwtFact = { kind: 'expired' }
const INVALID: JwtFact = { kind: 'invalid' }

/**
 * What a token is remembered by: its digest, so that no token is kept, and the environment, since two may trust one
 * issuer. Node.js gives a digest as text in a third of the time that it takes for a buffer.
 */
export function memoryName({ organization, name }: EnvironmentView, token: string): string {
  return `${hash('sha256', token, 'latin1')}${organization} ${name}`
}

/** What a verified token is worth now. Its age is judged on every use. */
export function factOf({ claims, rules, fact }: VerifiedToken, nowMs: number): JwtFact {
  const age = checkClaims(claims, rules, nowMs)
  if (age === 'valid') return fact
  return age === 'expired' ? EXPIRED : INVALID
}

/**
 * Remembers tokens whose signature was verified, so that a repeated one costs a digest and a look-up. What was refused
 * is not remembered: whoever sends forged tokens sends another one each time, and would only push out the good ones.
 */
export class VerifiedTokens {
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

  /** @param name by `memoryName`, for the same environment */
  find(name: string, environment: EnvironmentView, nowMs: number): VerifiedToken | undefined {
    const token = this.#entries.get(name)
    if (token === undefined) return undefined
    this.#remove(name, token)
    const { vouching } = token
    const isVouchedFor = vouching === environment.signingKeys || vouching === environment.issuers
    if (!isVouchedFor || nowMs >= token.usableUntilMs) return undefined
    this.#add(name, token)
    return token
  }

  keep(name: string, token: VerifiedToken): void {
    const known = this.#entries.get(name)
    if (known !== undefined) this.#remove(name, known)
    this.#add(name, token)
    for (const [oldest, old] of this.#entries) {
      if (this.#entries.size <= this.#tokensMax && this.#bytes <= this.#bytesMax) break
      this.#remove(oldest, old)
    }
  }

  #add(name: string, token: VerifiedToken): void {
    this.#entries.set(name, token)
    this.#bytes += bytesOf(token)
  }

  #remove(name: string, token: VerifiedToken): void {
    this.#entries.delete(name)
    this.#bytes -= bytesOf(token)
  }
}

function bytesOf({ characters }: VerifiedToken): number {
  return ENTRY_BYTES + characters * BYTES_PER_CHARACTER
}
