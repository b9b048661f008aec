import {
  environmentIssuer,
  isKeyId,
  LOGIN_CREDENTIAL_CLAIM,
  LOGIN_KEY_CLAIM,
  LOGIN_SECRET_CLAIM,
  type EnvironmentView,
  type IssuerRecord,
  type JwtFact,
  type SigningKeyRecord,
  type ValidJwt,
} from '@sallyport/core'
import type { Logger } from 'pino'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import type { Tenant } from '../../fairness/fair-share.ts'
import { parseCompactJws, TOKEN_CHARS_MAX, type CompactJws } from '../../crypto/compact-jws.ts'
import { algorithmOf } from '../../crypto/jws-algorithm.ts'
import {
  checkClaims,
  CLOCK_SKEW_MS,
  readClaims,
  type ClaimRules,
  type Claims,
} from '../../crypto/jwt-claims.ts'
import { isJwtHeader } from '../../crypto/jwt-type.ts'
import { verifyJwt } from '../../crypto/verify-jwt.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { OwnKeys } from './own-keys.ts'
import type { PublishedKeys } from './remote-key-set.ts'
import { factOf, tokenCacheKey, VerifiedTokenCache, type VerifiedToken } from './verified-token-cache.ts'

/** How long an issuer's token stays verified before its signature is checked against the issuer's keys again, in ms. */
const ISSUER_TOKEN_MS = 5 * 60_000
/** The same while the cached keys are stale and being refreshed. */
const STALE_ISSUER_TOKEN_MS = 10_000
/** Concurrent signature verifications. Each takes about 0.1 ms on one of Node.js's four worker threads. */
const RUNNING_MAX = 8
/** Waiting verifications; the last one waits about 0.1 s. */
const WAITING_MAX = 1024

const INVALID: JwtFact = { kind: 'invalid' }

/**
 * Verifies JWTs: an environment's own and those of its trusted issuers. Verified tokens are cached. Tokens that can be
 * rejected without verifying the signature are rejected first.
 */
export class JwtVerifier {
  readonly #issuerKeys: IssuerKeys
  readonly #monotonicMs: () => number
  readonly #ownKeys: OwnKeys
  readonly #verified = new VerifiedTokenCache()
  /** Verifications in progress by cache key. Concurrent requests with the same token share one. */
  readonly #pending = new Map<string, Pending>()
  /** Organizations take turns, and their environments, so that forged tokens at one do not delay the others. */
  readonly #semaphore = new FairSemaphore({ runningMax: RUNNING_MAX, waitingMax: WAITING_MAX })

  constructor(issuerKeys: IssuerKeys, logger: Logger, monotonicMs: () => number) {
    this.#issuerKeys = issuerKeys
    this.#monotonicMs = monotonicMs
    this.#ownKeys = new OwnKeys(logger)
  }

  /**
   * Verifies a token for an environment. The result is synchronous when the token is cached or malformed.
   *
   * @param token of any length
   * @param nowMs milliseconds since 1970
   * @returns `expired` only for a token that is valid apart from its age
   * @throws Problem `unavailable`, as a rejection, when keys cannot be loaded or too many verifications wait
   */
  verify(environment: EnvironmentView, token: string, nowMs: number): JwtFact | Promise<JwtFact> {
    if (token.length > TOKEN_CHARS_MAX) return INVALID
    const cacheKey = tokenCacheKey(environment, token)
    const known = this.#verified.find(cacheKey, environment, nowMs, this.#monotonicMs())
    if (known !== undefined) return factOf(known, nowMs)
    let pending = this.#pending.get(cacheKey)
    if (pending === undefined || !isCurrent(pending, environment)) {
      const candidate = this.#read(environment, token, nowMs)
      if (candidate === undefined) return INVALID
      pending = this.#start(cacheKey, environment, candidate, nowMs)
    }
    return pending.result.then((verified) => (verified === undefined ? INVALID : factOf(verified, nowMs)))
  }

  #start(cacheKey: string, environment: EnvironmentView, candidate: Candidate, nowMs: number): Pending {
    const { organization, name: environmentName, signingKeys, issuers } = environment
    const result = this.#verifyCandidate(
      cacheKey,
      { organization, pipeline: environmentName },
      candidate,
      nowMs,
    )
    const pending: Pending = { signingKeys, issuers, result }
    this.#pending.set(cacheKey, pending)
    const forget = (): void => {
      if (this.#pending.get(cacheKey) === pending) this.#pending.delete(cacheKey)
    }
    pending.result.then(forget, forget)
    return pending
  }

  async #verifyCandidate(
    cacheKey: string,
    tenant: Tenant,
    candidate: Candidate,
    nowMs: number,
  ): Promise<VerifiedToken | undefined> {
    const { jws, claims, rules, trustedBy } = candidate
    const startedAtMs = this.#monotonicMs()
    const { keys, areFresh } = await candidate.keys()
    const verdict = await this.#semaphore.run(tenant, () => verifyJwt(jws, keys, rules, nowMs))
    if (verdict.kind === 'invalid') return undefined
    const verified: VerifiedToken = {
      claims,
      rules,
      fact: {
        kind: 'valid',
        ...candidate.login,
        // A NumericDate can have a fraction.
        issuedAtMs: (claims.iat ?? 0) * 1000,
        expiresAtMs: (claims.exp ?? 0) * 1000 + CLOCK_SKEW_MS,
        verifiedBy: candidate.verifiedBy,
        claims: claims.all,
      },
      trustedBy,
      usableUntilMs: candidate.usableUntilMs,
      verifyAgainAtMs: areFresh ? candidate.verifyAgainAtMs : startedAtMs + STALE_ISSUER_TOKEN_MS,
      characters: jws.encoded.payload.length,
    }
    this.#verified.set(cacheKey, verified)
    return verified
  }

  /** Parses a token and makes all checks except the signature's; undefined if one of them rejects the token. */
  #read(environment: EnvironmentView, token: string, nowMs: number): Candidate | undefined {
    const jws = parseCompactJws(token)
    if (jws === undefined || algorithmOf(jws.header.alg) === undefined) return undefined
    const claims = readClaims(jws.payload)
    if (claims === undefined) return undefined
    const isOwn = claims.iss === environmentIssuer(environment.organization, environment.name)
    const candidate = isOwn
      ? this.#readOwn(environment, jws, claims, nowMs)
      : this.#readTrusted(environment, jws, claims)
    if (candidate === undefined || !isJwtHeader(jws.header, isOwn)) return undefined
    return checkClaims(claims, candidate.rules, nowMs) === 'invalid' ? undefined : candidate
  }

  /** A token whose issuer is the environment itself: one of the environment's keys must have signed it. */
  #readOwn(
    { organization, name, signingKeys }: EnvironmentView,
    jws: CompactJws,
    claims: Claims,
    nowMs: number,
  ): Candidate | undefined {
    const record = signingKeys.get(jws.header.kid ?? '')
    if (record === undefined) return undefined
    const usableUntilMs = record.verifiesUntilMs ?? Infinity
    const {
      azp,
      [LOGIN_KEY_CLAIM]: loginKey,
      [LOGIN_SECRET_CLAIM]: secretSequence,
      [LOGIN_CREDENTIAL_CLAIM]: basicCredential,
    } = claims.all
    // Own tokens have `azp` as a string. Any other value must not turn into a token without a consumer.
    if (nowMs >= usableUntilMs || (azp !== undefined && typeof azp !== 'string')) return undefined
    // Likewise for the login: an invalid value must not turn into a token that is bound to no key, secret or credential.
    if (loginKey !== undefined && (typeof loginKey !== 'string' || !isKeyId(loginKey))) return undefined
    if (secretSequence !== undefined && (typeof secretSequence !== 'number' || !(secretSequence >= 1))) {
      return undefined
    }
    if (basicCredential !== undefined && typeof basicCredential !== 'string') return undefined
    const issuer = environmentIssuer(organization, name)
    return {
      jws,
      claims,
      rules: { issuer, audiences: [issuer], own: true },
      login: {
        mintedFor: azp ?? null,
        mintedWith: loginKey ?? null,
        secretSequence: secretSequence ?? null,
        basicCredential: basicCredential ?? null,
      },
      verifiedBy: record,
      trustedBy: signingKeys,
      usableUntilMs,
      verifyAgainAtMs: Infinity,
      keys: async () => ({ keys: await this.#ownKeys.setOf(record), areFresh: true }),
    }
  }

  /** A trusted issuer's token. None of its claims, such as `azp`, identifies a consumer or key of this environment. */
  #readTrusted({ issuers }: EnvironmentView, jws: CompactJws, claims: Claims): Candidate | undefined {
    for (const record of issuers.values()) {
      if (record.issuer !== claims.iss) continue
      return {
        jws,
        claims,
        rules: { issuer: record.issuer, audiences: record.audiences, own: false },
        login: NO_LOGIN,
        verifiedBy: record,
        trustedBy: issuers,
        usableUntilMs: Infinity,
        verifyAgainAtMs: this.#monotonicMs() + ISSUER_TOKEN_MS,
        keys: () => this.#issuerKeys.keysFor(record, jws.header, this.#monotonicMs()),
      }
    }
    return undefined
  }
}

type Login = Pick<ValidJwt, 'mintedFor' | 'mintedWith' | 'secretSequence' | 'basicCredential'>

const NO_LOGIN: Login = { mintedFor: null, mintedWith: null, secretSequence: null, basicCredential: null }

/** A token that is valid if its signature is. */
interface Candidate extends Pick<
  VerifiedToken,
  'claims' | 'rules' | 'trustedBy' | 'usableUntilMs' | 'verifyAgainAtMs'
> {
  readonly jws: CompactJws
  readonly rules: ClaimRules
  readonly login: Login
  readonly verifiedBy: SigningKeyRecord | IssuerRecord
  readonly keys: () => Promise<PublishedKeys>
}

interface Pending extends Pick<EnvironmentView, 'signingKeys' | 'issuers'> {
  readonly result: Promise<VerifiedToken | undefined>
}

/** Whether a verification started with the environment's current keys and issuers. */
function isCurrent({ signingKeys, issuers }: Pending, environment: EnvironmentView): boolean {
  return signingKeys === environment.signingKeys && issuers === environment.issuers
}
