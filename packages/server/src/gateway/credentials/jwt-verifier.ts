import {
  environmentIssuer,
  isKeyId,
  LOGIN_KEY_CLAIM,
  type EnvironmentView,
  type JwtFact,
  type KeyId,
} from '@sallyport/core'
import type { Logger } from 'pino'
import { FairTurns } from '../../crypto/fair-turns.ts'
import { parseCompactJws, TOKEN_CHARS_MAX, type CompactJws } from '../../crypto/compact-jws.ts'
import { algorithmOf } from '../../crypto/jws-algorithm.ts'
import { checkClaims, readClaims, type ClaimRules, type Claims } from '../../crypto/jwt-claims.ts'
import { isJwtHeader } from '../../crypto/jwt-type.ts'
import { verifyJwt } from '../../crypto/verify-jwt.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import type { JwtJudge } from './authorizer.ts'
import { OwnKeys } from './own-keys.ts'
import type { PublishedKeys } from './remote-key-set.ts'
import { factOf, memoryName, VerifiedTokens, type VerifiedToken } from './verified-tokens.ts'

/** How long a verified token of an issuer is good without a look at the issuer's keys, in ms. */
const ISSUER_TOKEN_MS = 5 * 60_000
/** The same while those keys may have been replaced, and newer ones are on their way. */
const STALE_ISSUER_TOKEN_MS = 10_000
/** How many signatures are verified at once: each takes some 0.1 ms of one of the four threads that Node.js has for such. */
const AT_ONCE = 8
/** How many tokens wait for that; the last of them for some 0.1 s. */
const WAITING_MAX = 1024

const INVALID: JwtFact = { kind: 'invalid' }

/**
 * Says what JWTs are worth: an environment's own and those of the issuers that it trusts. A token that was verified
 * before is answered for at once. What can be refused without a signature's verification is refused before it.
 */
export class TokenJudge implements JwtJudge {
  readonly #issuerKeys: IssuerKeys
  readonly #ownKeys: OwnKeys
  readonly #verified = new VerifiedTokens()
  /** Tokens in verification, so that a new token that comes many times at once is verified once. */
  readonly #pending = new Map<string, Pending>()
  /** Environments take turns, so that a flood of forged tokens at one does not keep the others' new tokens out. */
  readonly #turns = new FairTurns({ atOnce: AT_ONCE, waitingMax: WAITING_MAX })

  constructor(issuerKeys: IssuerKeys, logger: Logger) {
    this.#issuerKeys = issuerKeys
    this.#ownKeys = new OwnKeys(logger)
  }

  /**
   * @param token as it came, of any length
   * @param nowMs milliseconds since 1970
   * @returns `expired` only for a token that was acceptable once
   * @throws Problem `unavailable`, as a rejection, where the keys cannot be had or too many tokens wait
   */
  judge(environment: EnvironmentView, token: string, nowMs: number): JwtFact | Promise<JwtFact> {
    if (token.length > TOKEN_CHARS_MAX) return INVALID
    const name = memoryName(environment, token)
    const known = this.#verified.find(name, environment, nowMs)
    if (known !== undefined) return factOf(known, nowMs)
    let pending = this.#pending.get(name)
    if (pending === undefined || !isOf(pending, environment)) {
      const candidate = this.#read(environment, token, nowMs)
      if (candidate === undefined) return INVALID
      pending = this.#start(name, environment, candidate, nowMs)
    }
    return pending.result.then((verified) => (verified === undefined ? INVALID : factOf(verified, nowMs)))
  }

  #start(name: string, environment: EnvironmentView, candidate: Candidate, nowMs: number): Pending {
    const { organization, name: environmentName, signingKeys, issuers } = environment
    const result = this.#verify(name, `${organization} ${environmentName}`, candidate, nowMs)
    const pending: Pending = { signingKeys, issuers, result }
    this.#pending.set(name, pending)
    const forget = (): void => {
      if (this.#pending.get(name) === pending) this.#pending.delete(name)
    }
    pending.result.then(forget, forget)
    return pending
  }

  async #verify(
    name: string,
    lane: string,
    candidate: Candidate,
    nowMs: number,
  ): Promise<VerifiedToken | undefined> {
    const { jws, claims, rules, vouching } = candidate
    const { keys, areFresh } = await candidate.keys()
    const verdict = await this.#turns.run(lane, () => verifyJwt(jws, keys, rules, nowMs))
    if (verdict.kind === 'invalid') return undefined
    const verified: VerifiedToken = {
      claims,
      rules,
      fact: {
        kind: 'valid',
        mintedFor: candidate.mintedFor,
        mintedWith: candidate.mintedWith,
        claims: claims.all,
      },
      vouching,
      usableUntilMs: areFresh ? candidate.usableUntilMs : nowMs + STALE_ISSUER_TOKEN_MS,
      characters: jws.encoded.header.length + jws.encoded.payload.length + jws.encoded.signature.length,
    }
    this.#verified.keep(name, verified)
    return verified
  }

  /** Reads a token as far as that costs next to nothing; undefined where that is enough to refuse it. */
  #read(environment: EnvironmentView, token: string, nowMs: number): Candidate | undefined {
    const jws = parseCompactJws(token)
    if (jws === undefined || algorithmOf(jws.header.alg) === undefined) return undefined
    const claims = readClaims(jws.payload)
    if (claims?.iss === undefined) return undefined
    const isOwn = claims.iss === environmentIssuer(environment.organization, environment.name)
    const candidate = isOwn
      ? this.#readOwn(environment, jws, claims, nowMs)
      : this.#readForeign(environment, jws, claims, nowMs)
    if (candidate === undefined || !isJwtHeader(jws.header, isOwn)) return undefined
    return checkClaims(claims, candidate.rules, nowMs) === 'invalid' ? undefined : candidate
  }

  /** A token that says that it is one of the environment's own: one of its keys must have signed it. */
  #readOwn(
    { organization, name, signingKeys }: EnvironmentView,
    jws: CompactJws,
    claims: Claims,
    nowMs: number,
  ): Candidate | undefined {
    const record = jws.header.kid === undefined ? undefined : signingKeys.get(jws.header.kid)
    if (record === undefined) return undefined
    const usableUntilMs = record.verifiesUntilMs ?? Infinity
    const { azp, [LOGIN_KEY_CLAIM]: loginKey } = claims.all
    // Whom we mint for we always write as text; for anything else it would be a token that is nobody's.
    if (nowMs >= usableUntilMs || (azp !== undefined && typeof azp !== 'string')) return undefined
    // Likewise for the key: a token that ends with no key must not come of one that names it wrongly.
    if (loginKey !== undefined && (typeof loginKey !== 'string' || !isKeyId(loginKey))) return undefined
    const issuer = environmentIssuer(organization, name)
    return {
      jws,
      claims,
      rules: { issuer, audiences: [issuer], own: true },
      mintedFor: azp ?? null,
      mintedWith: loginKey ?? null,
      vouching: signingKeys,
      usableUntilMs,
      keys: async () => ({ keys: await this.#ownKeys.setOf(record), areFresh: true }),
    }
  }

  /** A token of somebody else. Its `azp` names a client of the issuer's, and no claim of it anybody or a key here. */
  #readForeign(
    { issuers }: EnvironmentView,
    jws: CompactJws,
    claims: Claims,
    nowMs: number,
  ): Candidate | undefined {
    for (const record of issuers.values()) {
      if (record.issuer !== claims.iss) continue
      return {
        jws,
        claims,
        rules: { issuer: record.issuer, audiences: record.audiences, own: false },
        mintedFor: null,
        mintedWith: null,
        vouching: issuers,
        usableUntilMs: nowMs + ISSUER_TOKEN_MS,
        keys: () => this.#issuerKeys.keysFor(record, jws.header, nowMs),
      }
    }
    return undefined
  }
}

/** A token that is acceptable if its signature is. */
interface Candidate extends Pick<VerifiedToken, 'claims' | 'rules' | 'vouching' | 'usableUntilMs'> {
  readonly jws: CompactJws
  readonly rules: ClaimRules
  /** As `JwtFact` has them. */
  readonly mintedFor: string | null
  readonly mintedWith: KeyId | null
  readonly keys: () => Promise<PublishedKeys>
}

interface Pending extends Pick<EnvironmentView, 'signingKeys' | 'issuers'> {
  readonly result: Promise<VerifiedToken | undefined>
}

/** Whether a verification was begun with what the environment holds now. */
function isOf({ signingKeys, issuers }: Pending, environment: EnvironmentView): boolean {
  return signingKeys === environment.signingKeys && issuers === environment.issuers
}
