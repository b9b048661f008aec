import { hash } from 'node:crypto'
import type { ConnectionPool } from '../../egress/connection-pool.ts'
import { FairShare, type Tenant } from '../../fairness/fair-share.ts'
import type { UpstreamToken } from '../message/upstream-token.ts'
import { requestToken, type IssuedToken, type TokenRequest } from './token-request.ts'

/** Tokens of a gateway. With at most 8192 characters each, they have 32 MiB. */
const TOKENS_MAX = 4096
/** How long before its expiry a token is replaced; at most half of its lifetime. */
const EARLY_MS = 30_000
/** How long a failure answers the requests that follow. */
const FAILURE_MS = 1_000
/** How old a token must be that an upstream refuses, so that such answers do not cause a token request each. */
const REFUSED_AGE_MS = 10_000

export interface UpstreamTokensDeps {
  readonly connections: ConnectionPool
  readonly monotonicMs: () => number
  /** How many tokens are kept. */
  readonly tokensMax?: number
}

/** A token until it is too old, or the failure of the last request for one. */
type Result =
  | { readonly token: UpstreamToken; readonly usableUntilMs: number }
  | { readonly error: unknown; readonly usableUntilMs: number }

interface Entry {
  readonly key: string
  readonly tenant: Tenant
  result: Result | null
  /** Never rejects. */
  pending: Promise<Result> | null
}

/**
 * The access tokens of a gateway, in memory only. Requests for the same token at the same time ask once. All that a
 * token depends on is part of its key, the secret included, so a changed secret has a new token at once. Organizations
 * share the places, and a full share loses the token of its own that was used longest ago.
 */
export class UpstreamTokens {
  readonly #deps: UpstreamTokensDeps
  readonly #share: FairShare
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>()

  constructor(deps: UpstreamTokensDeps) {
    this.#deps = deps
    this.#share = new FairShare(deps.tokensMax ?? TOKENS_MAX)
  }

  /**
   * A token, from memory or from the token endpoint.
   *
   * @param tenant whose share of places and connections it uses
   * @param signal ends the wait, but not the request, which others may wait for too
   * @throws errors of `requestToken`, and the signal's reason
   */
  async tokenFor(request: TokenRequest, tenant: Tenant, signal: AbortSignal): Promise<UpstreamToken> {
    const entry = this.#entryOf(request, tenant)
    const known = entry.result
    const isUsable = known !== null && this.#deps.monotonicMs() < known.usableUntilMs
    const result = isUsable ? known : await untilAborted(this.#ask(entry, request), signal)
    if ('error' in result) throw result.error
    return result.token
  }

  #entryOf(request: TokenRequest, tenant: Tenant): Entry {
    const key = keyOf(request)
    const known = this.#entries.get(key)
    if (known !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known
    }
    const entry: Entry = { key, tenant, result: null, pending: null }
    this.#removeExpired()
    // Without a place, the token serves this request alone.
    if (this.#share.take(tenant) || (this.#removeOldest(tenant) && this.#share.take(tenant))) {
      this.#entries.set(key, entry)
    }
    return entry
  }

  async #ask(entry: Entry, request: TokenRequest): Promise<Result> {
    entry.pending ??= this.#request(entry, request).finally(() => {
      entry.pending = null
    })
    return await entry.pending
  }

  async #request(entry: Entry, request: TokenRequest): Promise<Result> {
    const { connections, monotonicMs } = this.#deps
    // The lifetime begins before the response arrives.
    const askedAtMs = monotonicMs()
    try {
      entry.result = this.#resultOf(entry, await requestToken(connections, entry.tenant, request), askedAtMs)
    } catch (error) {
      entry.result = { error, usableUntilMs: monotonicMs() + FAILURE_MS }
    }
    return entry.result
  }

  #resultOf(entry: Entry, { value, lifetimeMs }: IssuedToken, askedAtMs: number): Result {
    const { monotonicMs } = this.#deps
    const usableUntilMs = askedAtMs + lifetimeMs - Math.min(EARLY_MS, lifetimeMs / 2)
    const token: UpstreamToken = {
      value,
      refused: () => {
        const isCurrent = entry.result !== null && 'token' in entry.result && entry.result.token === token
        if (isCurrent && monotonicMs() - askedAtMs >= REFUSED_AGE_MS) entry.result = null
      },
    }
    return { token, usableUntilMs }
  }

  #removeExpired(): void {
    const nowMs = this.#deps.monotonicMs()
    for (const entry of this.#entries.values()) {
      const isUsable = entry.result !== null && nowMs < entry.result.usableUntilMs
      if (!isUsable && entry.pending === null) this.#remove(entry)
    }
  }

  /** @returns whether the organization had one that nothing waits for */
  #removeOldest({ organization }: Tenant): boolean {
    for (const entry of this.#entries.values()) {
      if (entry.tenant.organization !== organization || entry.pending !== null) continue
      this.#remove(entry)
      return true
    }
    return false
  }

  #remove({ key, tenant }: Entry): void {
    this.#entries.delete(key)
    this.#share.give(tenant)
  }
}

/** A hash, so that secrets are not kept. */
function keyOf(request: TokenRequest): string {
  const { environment, origin, target, clientId, clientSecret, scopes, audience, authentication } = request
  const parts = [environment, origin, target, clientId, clientSecret, scopes, audience, authentication]
  return hash('sha256', JSON.stringify(parts), 'base64')
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const end = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', end)
  }
}
