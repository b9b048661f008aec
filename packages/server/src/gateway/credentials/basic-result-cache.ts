import type { BasicCredentialRecord, BasicFact } from '@sallyport/core'

/** The credential of a username; undefined if there was none. */
export type Credential = BasicCredentialRecord | undefined

interface Entry {
  readonly credential: Credential
  readonly fact: BasicFact
  readonly untilMs: number
}

export interface BasicResultCacheLimits {
  readonly entriesMax: number
  readonly ttlMs: number
}

/**
 * Caches the results of password verifications. A result is valid for a limited time, and only while its username has the
 * same credential. The least recently used entry is evicted first.
 */
export class BasicResultCache {
  /** By cache key, in the order of last use. */
  readonly #entries = new Map<string, Entry>()
  readonly #limits: BasicResultCacheLimits

  constructor(limits: BasicResultCacheLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#entries.size
  }

  /** The cached result, if it is still valid. */
  find(cacheKey: string, credential: Credential, nowMs: number): BasicFact | undefined {
    const known = this.#entries.get(cacheKey)
    if (known === undefined) return undefined
    this.#entries.delete(cacheKey)
    if (nowMs >= known.untilMs || !isSameCredential(known.credential, credential)) return undefined
    this.#entries.set(cacheKey, known)
    return known.fact
  }

  set(cacheKey: string, credential: Credential, fact: BasicFact, nowMs: number): void {
    this.#entries.delete(cacheKey)
    this.#entries.set(cacheKey, { credential, fact, untilMs: nowMs + this.#limits.ttlMs })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entriesMax) break
      this.#entries.delete(oldest)
    }
  }
}

/**
 * Whether two records describe the same credential with the same password and consumer. They are usually the same object.
 * A reloaded snapshot has new objects, and must not cause all passwords to be verified again at once.
 */
export function isSameCredential(left: Credential, right: Credential): boolean {
  if (left === right) return true
  return (
    left !== undefined &&
    right !== undefined &&
    left.id === right.id &&
    left.consumer === right.consumer &&
    left.passwordHash === right.passwordHash
  )
}
