import type { IssuerRecord } from '@sallyport/core'
import type { Logger } from 'pino'
import type { JwsHeader } from '../../crypto/compact-jws.ts'
import { importKeySet, type KeySet } from '../../crypto/key-set.ts'
import { isJsonObject } from '../../crypto/strict-json.ts'
import type { ConnectionPool } from '../../egress/connection-pool.ts'
import { fetchJson, type FetchLimits } from '../../egress/fetch-json.ts'
import { RemoteKeySet, type PublishedKeys } from './remote-key-set.ts'

/** A set of 64 RSA keys with certificates has about 200 KiB. */
const FETCH_LIMITS: FetchLimits = { bytesMax: 256 * 1024, msMax: 5_000 }
/** The default number of remote key sets that are cached. */
const REMOTE_SETS_MAX = 4096
/** All key sets of an organization share connections like one of its pipelines. No pipeline has this name. */
const JWKS_USER = 'jwks'

export interface IssuerKeysDeps {
  /** Refuses addresses that must not be called. */
  readonly requester: ConnectionPool
  readonly logger: Logger
  readonly fetchLimits?: FetchLimits
  /** How many remote key sets are cached; the least recently used one is evicted first. */
  readonly remoteSetsMax?: number
}

/** The keys of trusted issuers: pasted key sets, and those that issuers publish (RFC 7517 section 5). */
export class IssuerKeys {
  readonly #deps: IssuerKeysDeps
  readonly #pasted = new WeakMap<IssuerRecord, Promise<KeySet>>()
  /**
   * By URL, in the order of last use. Keyed by URL and not by issuer record, so that the keys survive a change of the
   * record, and a reload of the snapshot while the issuer is down.
   */
  readonly #remote = new Map<string, RemoteKeySet>()

  constructor(deps: IssuerKeysDeps) {
    this.#deps = deps
  }

  /**
   * The keys to verify an issuer's token with.
   *
   * @param header the token's
   * @param monotonicMs the present time by the monotonic clock
   * @throws Problem `unavailable` when the issuer publishes its keys and cannot be reached
   */
  async keysFor(issuer: IssuerRecord, header: JwsHeader, monotonicMs: number): Promise<PublishedKeys> {
    if (issuer.jwksUrl !== null) {
      return await this.#remoteSet(issuer.jwksUrl, issuer.organization).keysFor(header, monotonicMs)
    }
    let keys = this.#pasted.get(issuer)
    if (keys === undefined) {
      keys = importKeySet(issuer.jwks?.keys ?? [])
      this.#pasted.set(issuer, keys)
    }
    return { keys: await keys, areFresh: true }
  }

  /** @param organization uses its share of connections when the set is fetched */
  #remoteSet(url: string, organization: string): RemoteKeySet {
    const { logger, remoteSetsMax = REMOTE_SETS_MAX } = this.#deps
    let set = this.#remote.get(url)
    if (set === undefined) {
      set = new RemoteKeySet(
        () => this.#fetch(url, organization),
        (err) => logger.warn({ err, jwksUrl: url }, "an issuer's keys cannot be fetched"),
      )
    }
    this.#remote.delete(url)
    this.#remote.set(url, set)
    for (const oldest of this.#remote.keys()) {
      if (this.#remote.size <= remoteSetsMax) break
      this.#remote.delete(oldest)
    }
    return set
  }

  async #fetch(url: string, organization: string): Promise<KeySet> {
    const { requester, fetchLimits = FETCH_LIMITS } = this.#deps
    const document = await requester.withSlot(
      new URL(url).origin,
      { organization, pipeline: JWKS_USER },
      AbortSignal.timeout(fetchLimits.msMax),
      async (requests) => await fetchJson(requests, url, fetchLimits),
    )
    // An empty set is valid: the issuer has withdrawn all its keys.
    if (!isJsonObject(document) || !Array.isArray(document['keys'])) {
      throw new Error('the document is not a JWK Set')
    }
    return await importKeySet(document['keys'])
  }
}
