import type { IssuerRecord } from '@sallyport/core'
import type { Logger } from 'pino'
import type { JwsHeader } from '../../crypto/compact-jws.ts'
import { importKeySet, type KeySet } from '../../crypto/key-set.ts'
import { isJsonObject } from '../../crypto/strict-json.ts'
import { fetchJson, type FetchLimits, type Requester } from '../../egress/fetch-json.ts'
import { RemoteKeySet, type PublishedKeys } from './remote-key-set.ts'

/** A set of 64 RSA keys with their certificates has some 200 KiB. */
const FETCH_LIMITS: FetchLimits = { bytesMax: 256 * 1024, msMax: 5_000 }
/** How many places keys are kept of; the one unused longest goes first. */
const PLACES_MAX = 4096

export interface IssuerKeysParts {
  /** Refuses addresses that must not be called. */
  readonly requester: Requester
  readonly logger: Logger
  readonly fetchLimits?: FetchLimits
}

/** The keys of trusted issuers: pasted ones, and those that issuers publish (RFC 7517 section 5). */
export class IssuerKeys {
  readonly #parts: IssuerKeysParts
  readonly #pasted = new WeakMap<IssuerRecord, Promise<KeySet>>()
  /**
   * By URL and not by issuer, in the order of last use: so keys outlive a change of what is said about their issuer, and
   * a snapshot that is loaded afresh while the issuer is down.
   */
  readonly #places = new Map<string, RemoteKeySet>()

  constructor(parts: IssuerKeysParts) {
    this.#parts = parts
  }

  /**
   * The keys with which an issuer's token is to be verified.
   *
   * @throws Problem `unavailable` where the issuer publishes them and cannot be reached
   */
  async keysFor(issuer: IssuerRecord, header: JwsHeader, nowMs: number): Promise<PublishedKeys> {
    if (issuer.jwksUrl !== null) return await this.#place(issuer.jwksUrl).keysFor(header, nowMs)
    let keys = this.#pasted.get(issuer)
    if (keys === undefined) {
      keys = importKeySet(issuer.jwks?.keys ?? [])
      this.#pasted.set(issuer, keys)
    }
    return { keys: await keys, areFresh: true }
  }

  #place(url: string): RemoteKeySet {
    let place = this.#places.get(url)
    if (place === undefined) {
      const { logger } = this.#parts
      place = new RemoteKeySet(
        () => this.#fetch(url),
        (err) => logger.warn({ err, jwksUrl: url }, "an issuer's keys cannot be fetched"),
      )
    }
    this.#places.delete(url)
    this.#places.set(url, place)
    if (this.#places.size > PLACES_MAX) {
      const oldest = this.#places.keys().next()
      if (oldest.done !== true) this.#places.delete(oldest.value)
    }
    return place
  }

  async #fetch(url: string): Promise<KeySet> {
    const { requester, fetchLimits = FETCH_LIMITS } = this.#parts
    const set = await fetchJson(requester, url, fetchLimits)
    // An empty set is one too: the issuer has taken all its keys back.
    if (!isJsonObject(set) || !Array.isArray(set['keys'])) throw new Error('the answer is no JWK Set')
    return await importKeySet(set['keys'])
  }
}
