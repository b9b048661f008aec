import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import {
  decide,
  NO_CREDENTIALS,
  readCredentials,
  type Ask,
  type BasicFact,
  type Credentials,
  type Decision,
  type EnvironmentView,
  type JwtFact,
  type KeyId,
  type Needed,
  type RouteFact,
  type Snapshot,
} from '@sallyport/core'
import { AddressSetCache } from '../../address/address-set.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { readQueryKeys } from '../request/query-key.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Counts the use of secrets. Called on the hot path: it must only take note. */
export interface UsageSink {
  record(keyId: KeyId, sequence: number, atMs: number, address: string): void
}

/** Says what Basic credentials are worth; at once where it knows. Rejects with a Problem when it cannot tell. */
export interface BasicJudge {
  /**
   * @param encoded Base64 of `username:password` (RFC 7617 section 2), undecoded
   * @param address the caller's, asked for only where it matters
   */
  judge(
    snapshot: Snapshot,
    organization: string,
    environment: string,
    encoded: string,
    address: () => string,
  ): BasicFact | Promise<BasicFact>
}

/** Says what a JWT is worth; at once where it knows. Rejects with a Problem when it cannot tell. */
export interface JwtJudge {
  judge(environment: EnvironmentView, token: string, nowMs: number): JwtFact | Promise<JwtFact>
}

/** What a judge asks for facts. */
export interface FactFinders {
  readonly proxies: TrustedProxies
  readonly limiter: Pick<RateLimiter, 'judge'>
  readonly usage: UsageSink
  readonly basic: BasicJudge
  readonly jwt: JwtJudge
}

export type Verdict = Exclude<Decision, Needed>

const NO_QUERY_KEYS: readonly string[] = []

/** Puts a request to core's decision and supplies the facts that it asks for. */
export class Judge {
  readonly #finders: FactFinders
  readonly #addressSets = new AddressSetCache()

  constructor(finders: FactFinders) {
    this.#finders = finders
  }

  /**
   * The verdict: at once where every fact is at hand, as it nearly always is, else a promise of it.
   *
   * @param query the described request's, undecoded, for triggers that read a key there
   * @param request whose headers hold the credentials
   * @throws Problem, as a rejection, where a fact cannot be found and it is our fault
   */
  judge(
    snapshot: Snapshot,
    route: RouteFact,
    preflight: boolean,
    request: IncomingMessage,
    query: string | null,
    nowMs: number,
  ): Verdict | Promise<Verdict> {
    let credentials = NO_CREDENTIALS
    let digest: Uint8Array | null = null
    if (route.kind === 'found') {
      const { trigger } = route.deployment.spec
      const { apiKey, basic, jwt } = trigger.authentication
      if (apiKey || basic || jwt) {
        const queryKeys = trigger.apiKeyInQuery ? readQueryKeys(query) : NO_QUERY_KEYS
        credentials = readCredentials(request.rawHeaders, queryKeys)
        if (apiKey && credentials.apiKey.kind === 'token') {
          digest = digestOf(credentials.apiKey.parsed.token)
        }
      }
    }
    const ask: Ask = { route, preflight, apiKey: credentials.apiKey, digest }
    return this.#decide({ snapshot, credentials, request, nowMs }, ask)
  }

  #decide(matter: Matter, ask: Ask): Verdict | Promise<Verdict> {
    const { snapshot, request, nowMs } = matter
    let asked = ask
    let decision = decide(snapshot, asked, nowMs)
    // Each fact is asked for once at most, so this ends.
    while (decision.kind === 'needs') {
      const found = this.#withFact(matter, asked, decision)
      if (found instanceof Promise) {
        // The digest lies in bytes that the next request writes over.
        const digest = asked.digest === null ? null : asked.digest.slice()
        return found.then((next) => this.#decide(matter, { ...next, digest }))
      }
      asked = found
      decision = decide(snapshot, asked, nowMs)
    }
    if (decision.kind !== 'preflight' && decision.secret !== null) {
      const { keyId, sequence } = decision.secret
      const { usage, proxies } = this.#finders
      usage.record(keyId, sequence, nowMs, proxies.clientAddress(request))
    }
    return decision
  }

  #withFact(matter: Matter, ask: Ask, needed: Needed): Ask | Promise<Ask> {
    const { snapshot, credentials, request, nowMs } = matter
    const { proxies, limiter, basic, jwt } = this.#finders
    switch (needed.fact) {
      case 'address': {
        const ranges = this.#addressSets.of(needed.rules)
        return { ...ask, addressAllowed: ranges.has(proxies.clientAddress(request)) }
      }
      case 'basic': {
        const { organization, environment } = needed.deployment
        const { authorization } = credentials
        const fact =
          authorization.kind === 'basic'
            ? basic.judge(snapshot, organization, environment, authorization.encoded, () =>
                proxies.clientAddress(request),
              )
            : authorization.kind === 'ambiguous'
              ? AMBIGUOUS
              : MISSING
        return fact instanceof Promise
          ? fact.then((found) => ({ ...ask, basic: found }))
          : { ...ask, basic: fact }
      }
      case 'jwt': {
        const { organization, environment } = needed.deployment
        const view = snapshot.environment(organization, environment)
        const claim = credentials.jwt
        const fact =
          claim.kind !== 'token' ? claim : view === undefined ? INVALID : jwt.judge(view, claim.token, nowMs)
        return fact instanceof Promise
          ? fact.then((found) => ({ ...ask, jwt: found }))
          : { ...ask, jwt: fact }
      }
      case 'limit': {
        const { deployment, keyLimits, principal } = needed
        const { counterPrefix, ownIssuer } = compileDeployment(deployment)
        const limit = limiter.judge(
          {
            counterPrefix,
            ownIssuer,
            pipelineLimits: deployment.spec.trigger.rateLimits,
            keyLimits,
            principal,
            address: () => proxies.clientAddress(request),
          },
          nowMs,
        )
        return { ...ask, limit }
      }
    }
  }
}

/** What stays the same while a request is being decided. */
interface Matter {
  readonly snapshot: Snapshot
  readonly credentials: Credentials
  readonly request: IncomingMessage
  readonly nowMs: number
}

const MISSING = { kind: 'missing' } as const
const AMBIGUOUS = { kind: 'ambiguous' } as const
const INVALID = { kind: 'invalid' } as const

const DIGEST = new Uint8Array(32)

/**
 * SHA-256 of a token, in bytes that the next call writes over. Node.js gives a digest as text in a third of the time
 * that it takes for a buffer, 0.35 µs to 1.0 µs.
 */
function digestOf(token: string): Uint8Array {
  const text = hash('sha256', token, 'latin1')
  for (let index = 0; index < DIGEST.length; index += 1) DIGEST[index] = text.charCodeAt(index)
  return DIGEST
}
