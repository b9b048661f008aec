import type { IncomingMessage } from 'node:http'
import {
  decide,
  jwtBeside,
  NO_CREDENTIALS,
  onlyKeyText,
  readCredentials,
  withOptionalKey,
  type AddressRules,
  type Allowed,
  type Ask,
  type Credentials,
  type Decision,
  type Denied,
  type DeploymentRecord,
  type DenyReason,
  type EntryFact,
  type KeyId,
  type LimitFact,
  type Needed,
  type RouteFact,
  type Snapshot,
} from '@sallyport/core'
import { AddressSetCache } from '../../address/address-set.ts'
import { redactTokens } from '../../telemetry/redact-tokens.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { readQueryKeys } from '../request/query-key.ts'
import type { BasicAuthenticator } from './basic-authenticator.ts'
import type { JwtVerifier } from './jwt-verifier.ts'
import { RememberedVerdicts, type NeededLimits } from './remembered-verdicts.ts'
import { fleetingBytes, tokenDigestText } from './token-digest.ts'
import type { RateLimitedRequest } from './request-limits.ts'

/** Counts the requests to pipelines. It is called on the hot path and must not block. */
export interface UsageSink {
  /**
   * @param atMs in ms since 1970
   * @param address the caller's, for requests with a secret
   * @param userAgent what the caller calls itself, for requests with a secret of a key that is rolling
   */
  record(
    decision: Allowed | (Denied & { readonly deployment: DeploymentRecord }),
    atMs: number,
    address: string | null,
    userAgent: string | null,
  ): void
}

/** Counts requests: in the memory of this process, or over a store that gateways share. */
export interface Limiter {
  /** @param nowMs by the monotonic clock */
  consume(request: RateLimitedRequest, nowMs: number): LimitFact | Promise<LimitFact>
}

/** Where an authorizer gets the facts that a decision needs. */
export interface FactSources {
  readonly proxies: TrustedProxies
  readonly limiter: Limiter
  readonly usage: UsageSink
  readonly basic: Pick<BasicAuthenticator, 'authenticate'>
  readonly jwt: Pick<JwtVerifier, 'verify'>
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  /** The clock of rate limits. */
  readonly monotonicMs: () => number
}

export type Verdict = Exclude<Decision, Needed>

/** Runs core's decision for a request and supplies the facts that it needs. */
export class Authorizer {
  readonly #sources: FactSources
  readonly #addressSets = new AddressSetCache()
  readonly #remembered = new RememberedVerdicts()

  constructor(sources: FactSources) {
    this.#sources = sources
  }

  /**
   * Authorizes a routed request. The verdict is synchronous when every fact is at hand, which is nearly always.
   *
   * @param request its headers hold the credentials
   * @param query undecoded, for triggers that read a key from it
   * @throws Problem, as a rejection, when a fact cannot be determined because of an outage
   */
  authorize(
    snapshot: Snapshot,
    route: RouteFact,
    preflight: boolean,
    request: IncomingMessage,
    query: string | null,
    nowMs: number,
  ): Verdict | Promise<Verdict> {
    const deployment = route.kind !== 'found' || preflight ? null : route.deployment
    const plain = deployment === null ? undefined : onlyKeyText(request.rawHeaders)
    const plainDigest = plain === undefined ? null : tokenDigestText(plain)
    const known =
      deployment === null || plainDigest === null
        ? undefined
        : this.#remembered.find(snapshot, deployment, plainDigest, nowMs)
    if (known?.limits === null) return this.#recorded(known, request, nowMs)
    const counted = known === undefined ? undefined : this.#count(known.limits, request)
    if (known !== undefined && counted !== undefined && 'kind' in counted && counted.kind === 'within') {
      return this.#recorded(known.within(counted), request, nowMs)
    }
    const credentials =
      route.kind === 'found' ? credentialsOf(route.deployment, request, query) : NO_CREDENTIALS
    const { apiKey } = credentials
    const text = digestTextOf(apiKey, snapshot, route, plainDigest)
    const digest = text === null ? null : fleetingBytes(text)
    const foreignKeyId = this.#foreignKeyId(apiKey, digest)
    const ask: Ask = { route, preflight, apiKey, digest, foreignKeyId }
    const input = {
      snapshot,
      credentials,
      request,
      nowMs,
      plainDigest: known === undefined ? plainDigest : null,
      limits: null,
    }
    return counted === undefined
      ? this.#decide(input, ask)
      : this.#decideWith(input, ask, withLimit(ask, counted))
  }

  /**
   * Decides an allowed request again on another snapshot: with its credentials, the facts of its last verdict, and its
   * address. It consumes no limit and counts no use.
   *
   * @param last the last verdict, of the deployment that runs the request
   * @param query as for `authorize`
   * @returns the new verdict, or why the request is no longer allowed
   */
  authorizeAgain(
    snapshot: Snapshot,
    last: Allowed,
    request: IncomingMessage,
    query: string | null,
    nowMs: number,
  ): Allowed | DenyReason {
    const { deployment, basic, jwt } = last
    const { apiKey } = credentialsOf(deployment, request, query)
    const route = { kind: 'found', deployment } as const
    const text = digestTextOf(apiKey, snapshot, route, null)
    const digest = text === null ? null : fleetingBytes(text)
    const ask: Ask = {
      route,
      preflight: false,
      apiKey,
      digest,
      foreignKeyId: this.#foreignKeyId(apiKey, digest),
      basic: basic ?? MISSING,
      jwt: jwt ?? MISSING,
      limit: { kind: 'within', budgets: last.budgets },
    }
    const facts: { entry?: EntryFact; addressAllowed?: boolean } = {}
    let decision = decide(snapshot, ask, nowMs)
    // Terminates: the decision asks for each fact at most once.
    while (decision.kind === 'needs' && (decision.fact === 'entry' || decision.fact === 'address')) {
      if (decision.fact === 'entry') facts.entry = this.#entryOf(deployment, request)
      else facts.addressAllowed = this.#isAddressIn(decision, request)
      decision = decide(snapshot, { ...ask, ...facts }, nowMs)
    }
    if (decision.kind === 'allow') return decision
    if (decision.kind === 'deny') return decision.reason
    throw new Error(`an allowed request cannot be decided again: ${decision.kind}`)
  }

  /** Decides a request, and finds the facts for it one after the other. It terminates: `decide` asks for each at most once. */
  #decide(input: DecisionInput, ask: Ask): Verdict | Promise<Verdict> {
    const { snapshot, request, nowMs, plainDigest, limits } = input
    const decision = decide(snapshot, ask, nowMs)
    if (decision.kind === 'needs') {
      // A verdict that needs another fact than the limits depends on more than the token.
      const next =
        decision.fact === 'limit' ? { ...input, limits: decision } : { ...input, plainDigest: null }
      return this.#decideWith(next, ask, this.#withFact(input, ask, decision))
    }
    if (decision.kind === 'allow' && plainDigest !== null) {
      this.#remembered.add(snapshot, plainDigest, decision, limits)
    }
    return this.#recorded(decision, request, nowMs)
  }

  /** @param found the question with a further fact */
  #decideWith(input: DecisionInput, ask: Ask, found: Ask | Promise<Ask>): Verdict | Promise<Verdict> {
    if (!(found instanceof Promise)) return this.#decide(input, found)
    // Copied, since the next request overwrites the digest's bytes.
    const digest = ask.digest?.slice() ?? null
    return found.then((next) => this.#decide(input, { ...next, digest }))
  }

  /** Counts a request with its verdict. */
  #recorded(decision: Verdict, request: IncomingMessage, nowMs: number): Verdict {
    if (decision.kind === 'allow' || isRouted(decision)) {
      const { usage, proxies } = this.#sources
      const { secret } = decision
      const address = secret === null ? null : proxies.clientAddress(request)
      const userAgent = secret?.isRolling === true ? redactTokens(request.headers['user-agent'] ?? '') : null
      usage.record(decision, nowMs, address, userAgent)
    }
    return decision
  }

  #foreignKeyId(claim: Credentials['apiKey'], digest: Uint8Array | null): KeyId | null {
    return claim.kind === 'foreign' && digest !== null ? this.#sources.importedKeyId(digest) : null
  }

  /** How the caller's address stands to the rules of the trigger. */
  #entryOf({ spec }: DeploymentRecord, request: IncomingMessage): EntryFact {
    const { addressRules = NO_RULES, maintenance } = spec.trigger
    const address = this.#sources.proxies.clientAddress(request)
    return {
      isAdmitted: this.#addressSets.of(addressRules).has(address),
      isExempt: this.#addressSets.of(maintenance?.exceptAddresses ?? NO_RULES).has(address),
    }
  }

  #isAddressIn({ rules, externalKeyRules }: AddressRules, request: IncomingMessage): boolean {
    const address = this.#sources.proxies.clientAddress(request)
    return [rules, externalKeyRules].every(
      (ranges) => ranges.length === 0 || this.#addressSets.of(ranges).has(address),
    )
  }

  #withFact(input: DecisionInput, ask: Ask, needed: Needed): Ask | Promise<Ask> {
    const { snapshot, credentials, request, nowMs } = input
    const { proxies, basic, jwt } = this.#sources
    switch (needed.fact) {
      case 'entry':
        return { ...ask, entry: this.#entryOf(needed.deployment, request) }
      case 'address':
        return { ...ask, addressAllowed: this.#isAddressIn(needed, request) }
      case 'basic': {
        const { organization, environment } = needed.deployment
        const { authorization } = credentials
        const fact =
          authorization.kind === 'basic'
            ? basic.authenticate(snapshot, organization, environment, authorization.encoded, () =>
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
        const claim = jwtBeside(credentials, needed.deployment.spec.trigger.authentication.apiKey)
        const fact =
          claim.kind !== 'token' ? claim : view === undefined ? INVALID : jwt.verify(view, claim.token, nowMs)
        return fact instanceof Promise
          ? fact.then((found) => ({ ...ask, jwt: found }))
          : { ...ask, jwt: fact }
      }
      case 'limit':
        return withLimit(ask, this.#count(needed, request))
    }
  }

  /** Counts a request, if it is within its limits. */
  #count(needed: NeededLimits, request: IncomingMessage): LimitFact | Promise<LimitFact> {
    const { deployment, keyLimits, externalKeyLimits, planLimits, principal } = needed
    const { proxies, limiter, monotonicMs } = this.#sources
    const { counterPrefix, ownIssuer } = compileDeployment(deployment)
    return limiter.consume(
      {
        organization: deployment.organization,
        counterPrefix,
        ownIssuer,
        pipelineLimits: deployment.spec.trigger.rateLimits,
        keyLimits,
        externalKeyLimits,
        planLimits,
        principal,
        address: () => proxies.clientAddress(request),
      },
      monotonicMs(),
    )
  }
}

/** The inputs of a decision besides its facts. */
interface DecisionInput {
  readonly snapshot: Snapshot
  readonly credentials: Credentials
  readonly request: IncomingMessage
  readonly nowMs: number
  /** Of the token if it is the only credential, and nothing but it and the limits decides; null otherwise. */
  readonly plainDigest: string | null
  /** The limits of the request, once they were asked for; null for none. */
  readonly limits: NeededLimits | null
}

function withLimit(ask: Ask, fact: LimitFact | Promise<LimitFact>): Ask | Promise<Ask> {
  return fact instanceof Promise ? fact.then((limit) => ({ ...ask, limit })) : { ...ask, limit: fact }
}

function isRouted(decision: Verdict): decision is Denied & { readonly deployment: DeploymentRecord } {
  return decision.kind === 'deny' && decision.deployment !== null
}

const NO_RULES: readonly string[] = []
const MISSING = { kind: 'missing' } as const
const AMBIGUOUS = { kind: 'ambiguous' } as const
const INVALID = { kind: 'invalid' } as const

function credentialsOf(
  { spec }: DeploymentRecord,
  request: IncomingMessage,
  query: string | null,
): Credentials {
  const { authentication, apiKeyInQuery } = spec.trigger
  const credentials = readCredentials(request.rawHeaders, readQueryKeys(apiKeyInQuery ? query : null))
  return authentication.apiKeyOptional === true ? withOptionalKey(credentials) : credentials
}

/**
 * The digest of a claim's token; null without one. A foreign token has one only where it can be the key of a request.
 *
 * @param known the digest of the token if there is one; null if it is not known
 */
function digestTextOf(
  claim: Credentials['apiKey'],
  snapshot: Snapshot,
  route: RouteFact,
  known: string | null,
): string | null {
  if (claim.kind !== 'token' && (claim.kind !== 'foreign' || !mayBeKey(snapshot, route))) return null
  return known ?? tokenDigestText(claim.kind === 'token' ? claim.parsed.token : claim.token)
}

/** Whether a foreign token can be the API key of a request. If not, it costs no more than any wrong token. */
function mayBeKey({ keys }: Snapshot, route: RouteFact): boolean {
  if (keys.foreignCount === 0 || route.kind !== 'found') return false
  const { apiKey, apiKeyOptional } = route.deployment.spec.trigger.authentication
  return apiKey || apiKeyOptional === true
}
