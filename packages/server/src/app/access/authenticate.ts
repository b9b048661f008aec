import type { Grant, KeyId, KeyRefusal } from '@sallyport/core'
import { keyRefusal, parseToken, Problem, PROBLEMS } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { digestsEqual, tokenDigest } from '../../crypto/digest.ts'
import type { KeyRow, SecretRow } from '../../store/port/keys.ts'
import type { Store } from '../../store/port/store.ts'
import type { Actor, ActorReaders } from './actor.ts'
import type { CredentialBounds } from './credential-bounds.ts'
import { customRolesAmong, grantsOfKey } from './roles.ts'

interface AuthenticateDeps {
  readonly store: Pick<Store, 'read'>
  readonly nowMs: () => number
}

/**
 * Authenticates an API key for the management API. A public key authenticates too, without any permission.
 *
 * @param address the caller's address; a key with address rules is refused without it
 * @throws Problem `unauthenticated`, whose detail names why the key is refused; `address_not_allowed`
 */
export async function authenticate(
  { store, nowMs }: AuthenticateDeps,
  token: string,
  address?: string,
): Promise<KeyActor> {
  const parsed = parseToken(token)
  if (parsed === undefined) throw refused('credential_invalid')
  const sent = { keyId: parsed.keyId, digest: tokenDigest(token), address }
  return new KeyActor(sent, await identify(store.read, sent, nowMs()))
}

/** What identifies a caller, without its token. */
interface SentKey {
  readonly keyId: KeyId
  /** SHA-256 of the token. */
  readonly digest: string
  readonly address: string | undefined
}

interface IdentifiedKey {
  readonly key: KeyRow
  readonly secret: SecretRow
  readonly grants: readonly Grant[]
}

/** An API key that acts, as it was when it was read last. */
export class KeyActor implements Actor {
  readonly kind = 'key'
  readonly id: KeyId
  readonly organizations: readonly string[]
  readonly #sent: SentKey
  #found: IdentifiedKey

  constructor(sent: SentKey, found: IdentifiedKey) {
    this.id = sent.keyId
    this.organizations = [found.key.organization]
    this.#sent = sent
    this.#found = found
  }

  get isPublic(): boolean {
    return this.#found.key.type === 'public'
  }

  /** The id of the consumer that the key belongs to, or null. */
  get consumer(): string | null {
    return this.#found.key.consumer
  }

  get bounds(): CredentialBounds {
    const { key, secret } = this.#found
    const { addressRules, rateLimits } = key
    // A secret in its grace period gives nothing that outlives the grace.
    const endsAtMs = Math.min(key.expiresAtMs ?? Infinity, secret.expiresAtMs ?? Infinity)
    return { expiresAtMs: endsAtMs === Infinity ? null : endsAtMs, addressRules, rateLimits }
  }

  grantsIn(organization: string): readonly Grant[] | undefined {
    return this.organizations.includes(organization) ? this.#found.grants : undefined
  }

  rolesIn(organization: string): readonly string[] {
    return this.organizations.includes(organization) ? this.#found.key.roles : []
  }

  async renew(readers: ActorReaders, nowMs: number): Promise<void> {
    this.#found = await identify(readers, this.#sent, nowMs)
  }
}

async function grantsOf({ roles }: ActorReaders, key: KeyRow): Promise<readonly Grant[]> {
  return key.type === 'public' ? [] : grantsOfKey(key, await customRolesAmong(roles, key))
}

/** Finds the key and the secret that a caller sent, checks that both work now, and reads what the roles grant. */
async function identify(
  readers: ActorReaders,
  { keyId, digest, address }: SentKey,
  nowMs: number,
): Promise<IdentifiedKey> {
  const key = await readers.keys.find(keyId)
  const secret = key?.secrets.find((candidate) => digestsEqual(candidate.digest, digest))
  if (key === undefined || secret === undefined) throw refused('credential_invalid')
  const refusal = keyRefusal(
    key.deletedAtMs !== null,
    key.active && (await isConsumerActive(readers, key)),
    key.expiresAtMs ?? Infinity,
    secret.expiresAtMs ?? Infinity,
    nowMs,
  )
  if (refusal !== undefined) throw refused(refusal)
  const { addressRules } = key
  if (addressRules.length > 0 && (address === undefined || !new AddressSet(addressRules).has(address))) {
    throw new Problem('address_not_allowed')
  }
  return { key, secret, grants: await grantsOf(readers, key) }
}

async function isConsumerActive({ consumers }: ActorReaders, key: KeyRow): Promise<boolean> {
  if (key.consumer === null) return true
  const consumer = await consumers.get(key.organization, key.consumer)
  return consumer?.active === true
}

function refused(reason: KeyRefusal | 'credential_invalid'): Problem {
  const { title, advice } = PROBLEMS[reason]
  return new Problem('unauthenticated', { detail: `${title} (${reason}). ${advice}` })
}
