import { createHmac, randomBytes } from 'node:crypto'
import { Problem, type BasicFact, type Snapshot } from '@sallyport/core'
import type { Tenant } from '../../fairness/fair-share.ts'
import { decoyHash } from '../../crypto/password-hash.ts'
import { isPlausible, readBasic, type UsernameAndPassword } from './basic-authorization.ts'
import { addressGroup } from '../../address/address-group.ts'
import { isSameCredential, BasicResultCache, type Credential } from './basic-result-cache.ts'
import { passwordVerifier, type PasswordVerifier } from './password-verifier.ts'

/** Valid credentials, about 400 bytes each: a frequent caller is verified once an hour. */
const VALID_CACHE = { entriesMax: 10_000, ttlMs: 60 * 60 * 1000 }
/** Invalid ones are cached separately, so that they cannot evict valid ones. A repeated wrong password is cheap. */
const INVALID_CACHE = { entriesMax: 10_000, ttlMs: 60 * 1000 }

const SECRET_BYTES = 32

const INVALID: BasicFact = { kind: 'invalid' }

export interface BasicAuthenticatorDeps {
  readonly monotonicMs: () => number
  /** One of its own unless given. */
  readonly passwords?: PasswordVerifier | undefined
}

/** A username and password to check in an environment. */
export interface PasswordCheck extends UsernameAndPassword {
  readonly organization: string
  readonly environment: string
  /** Returns the caller's address; called only when the password must be verified. */
  readonly address: () => string
}

interface Pending {
  readonly credential: Credential
  readonly fact: Promise<BasicFact>
}

/**
 * Verifies Basic credentials off the event loop, and caches the results. An unknown username takes the same steps as a
 * wrong password, so that the response time does not reveal which usernames exist.
 */
export class BasicAuthenticator {
  readonly #monotonicMs: () => number
  readonly #passwords: PasswordVerifier
  /** The hash that is verified for an unknown username. */
  readonly #decoy = decoyHash(randomBytes)
  /** Cache keys are HMACs under this secret, so that no password stays in memory. It ends with the process. */
  readonly #secret = randomBytes(SECRET_BYTES)
  readonly #valid = new BasicResultCache(VALID_CACHE)
  readonly #invalid = new BasicResultCache(INVALID_CACHE)
  /** Verifications in progress by cache key. Concurrent requests with the same credentials share one. */
  readonly #pending = new Map<string, Pending>()

  constructor({ monotonicMs, passwords = passwordVerifier() }: BasicAuthenticatorDeps) {
    this.#monotonicMs = monotonicMs
    this.#passwords = passwords
  }

  /**
   * Authenticates the credentials of an `Authorization` header. The result is synchronous when it is cached.
   *
   * @param encoded Base64 of `username:password` (RFC 7617 section 2)
   * @param address returns the caller's address; called only when the password must be verified
   * @throws Problem `unavailable`, as a rejection, when too many verifications wait or one cannot be done
   */
  authenticate(
    snapshot: Snapshot,
    organization: string,
    environment: string,
    encoded: string,
    address: () => string,
  ): BasicFact | Promise<BasicFact> {
    const read = readBasic(encoded)
    if (read === undefined) return INVALID
    return this.#check(snapshot, { ...read, organization, environment, address })
  }

  /**
   * Checks a username and password from another source.
   *
   * @throws Problem `unavailable`, as a rejection, when too many verifications wait or one cannot be done
   */
  checkPassword(snapshot: Snapshot, check: PasswordCheck): BasicFact | Promise<BasicFact> {
    return isPlausible(check) ? this.#check(snapshot, check) : INVALID
  }

  #check(snapshot: Snapshot, check: PasswordCheck): BasicFact | Promise<BasicFact> {
    const { organization, environment, username, password } = check
    const credential = snapshot.basicCredential(organization, environment, username)
    // None of the four contains a line break, so different credentials never share a cache key.
    const cacheKey = createHmac('sha256', this.#secret)
      .update(`${organization}\n${environment}\n${username}\n${password}`)
      .digest('latin1')
    const nowMs = this.#monotonicMs()
    const known =
      this.#valid.find(cacheKey, credential, nowMs) ?? this.#invalid.find(cacheKey, credential, nowMs)
    if (known !== undefined) return known
    const pending = this.#pending.get(cacheKey)
    if (pending !== undefined && isSameCredential(pending.credential, credential)) return pending.fact
    // Within an organization, networks of callers take turns: one that guesses passwords delays only itself.
    const tenant: Tenant = { organization, pipeline: addressGroup(check.address()) }
    const fact = this.#verify(cacheKey, credential, password, tenant)
    this.#pending.set(cacheKey, { credential, fact })
    return fact
  }

  async #verify(
    cacheKey: string,
    credential: Credential,
    password: string,
    tenant: Tenant,
  ): Promise<BasicFact> {
    try {
      const hash = credential?.passwordHash ?? this.#decoy
      const isMatch = await this.#passwords.verify(tenant, password, hash)
      const isValid = isMatch && credential !== undefined
      const fact: BasicFact = isValid
        ? { kind: 'valid', consumer: credential.consumer, credential: credential.id }
        : INVALID
      const cache = isValid ? this.#valid : this.#invalid
      cache.set(cacheKey, credential, fact, this.#monotonicMs())
      return fact
    } catch (cause) {
      // A failed verification is an outage and not an invalid credential.
      throw cause instanceof Problem ? cause : new Problem('unavailable', { cause })
    } finally {
      if (isSameCredential(this.#pending.get(cacheKey)?.credential, credential))
        this.#pending.delete(cacheKey)
    }
  }
}
