import type { Grant, KeyId, KeyRefusal, RateLimit } from '@sallyport/core'
import {
  isForeignToken,
  keyEndsAtMs,
  keyRefusal,
  parseToken,
  Problem,
  PROBLEMS,
  secretEndsAtMs,
} from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { digestsEqual, tokenDigest, tokenDigestBytes } from '../../crypto/digest.ts'
import type { ExternalKeyRow } from '../../store/port/external-keys.ts'
import type { KeyRow, SecretRow } from '../../store/port/keys.ts'
import type { Store } from '../../store/port/store.ts'
import type { Actor, ActorReaders } from './actor.ts'
import { commonAddresses, type CredentialBounds } from './credential-bounds.ts'
import { customRolesAmong, grantsOfKey } from './roles.ts'

interface AuthenticateDeps {
  readonly store: Pick<Store, 'read'>
  readonly nowMs: () => number
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
}

/**
 * Authenticates an API key for the management API. A public key authenticates too, without any permission.
 *
 * @param address the caller's address; a key with address rules is refused without it
 * @param organization the organization that the request is about. There, another organization's key acts as the external
 *   key that it is, or else as a stranger.
 * @throws Problem `unauthenticated`, whose detail names why the key is refused; `address_not_allowed`
 */
export async function authenticate(
  { store, nowMs, importedKeyId }: AuthenticateDeps,
  token: string,
  address?: string,
  organization?: string,
): Promise<KeyActor> {
  const keyId = parseToken(token)?.keyId ?? foreignKeyId(token, importedKeyId)
  if (keyId === undefined) throw refused('credential_invalid')
  const sent = { keyId, digest: tokenDigest(token), address, organization }
  return new KeyActor(sent, await identify(store.read, sent, nowMs()))
}

/** The id of the key that was imported with a token, if it can be one that was issued elsewhere. */
function foreignKeyId(token: string, importedKeyId: AuthenticateDeps['importedKeyId']): KeyId | undefined {
  return isForeignToken(token) ? importedKeyId(tokenDigestBytes(token)) : undefined
}

/** What identifies a caller, without its token. */
interface SentKey {
  readonly keyId: KeyId
  /** SHA-256 of the token. */
  readonly digest: string
  readonly address: string | undefined
  readonly organization: string | undefined
}

interface IdentifiedKey {
  readonly key: KeyRow
  readonly secret: SecretRow
  /** What the key of another organization is in the one that the request is about. */
  readonly external: ExternalKeyRow | undefined
  /** In the organization of the external key, or else in the key's own. */
  readonly grants: readonly Grant[]
}

/** An API key that acts, as it was when it was read last: in its own organization, or as an external key in another. */
export class KeyActor implements Actor {
  readonly id: KeyId
  readonly #sent: SentKey
  #found: IdentifiedKey

  constructor(sent: SentKey, found: IdentifiedKey) {
    this.id = sent.keyId
    this.#sent = sent
    this.#found = found
  }

  get kind(): 'key' | 'external-key' {
    return this.#found.external === undefined ? 'key' : 'external-key'
  }

  get organizations(): readonly string[] {
    return [(this.#found.external ?? this.#found.key).organization]
  }

  get address(): string | undefined {
    return this.#sent.address
  }

  get isPublic(): boolean {
    return this.#found.key.type === 'public'
  }

  /** The id of the consumer that the key belongs to, or null. */
  get consumer(): string | null {
    return this.#found.key.consumer
  }

  /** The limits that the key's own organization set. */
  get ownRateLimits(): readonly RateLimit[] {
    return this.#found.key.rateLimits
  }

  /** The external key that acts, whose limits the organization set in which it acts; null for a key at home. */
  get external(): Pick<ExternalKeyRow, 'organization' | 'rateLimits'> | null {
    return this.#found.external ?? null
  }

  get bounds(): CredentialBounds {
    const { key, secret, external } = this.#found
    // A secret in its grace period gives nothing that outlives the grace.
    const endsAtMs = Math.min(key.expiresAtMs ?? Infinity, secret.expiresAtMs ?? Infinity)
    return {
      expiresAtMs: endsAtMs === Infinity ? null : endsAtMs,
      addressRules: commonAddresses(key.addressRules, external?.addressRules ?? []),
      rateLimits: [...key.rateLimits, ...(external?.rateLimits ?? [])],
    }
  }

  /** Only a roll gives a secret an end of its own. */
  get usesOldSecret(): boolean {
    return this.#found.secret.expiresAtMs !== null
  }

  grantsIn(organization: string): readonly Grant[] | undefined {
    return this.organizations.includes(organization) ? this.#found.grants : undefined
  }

  rolesIn(organization: string): readonly string[] {
    return this.organizations.includes(organization) ? (this.#found.external ?? this.#found.key).roles : []
  }

  async renew(readers: ActorReaders, nowMs: number): Promise<void> {
    this.#found = await identify(readers, this.#sent, nowMs)
  }
}

/** Finds the key and the secret that a caller sent, checks that both work now, and reads what the roles grant. */
async function identify(
  readers: ActorReaders,
  { keyId, digest, address, organization }: SentKey,
  nowMs: number,
): Promise<IdentifiedKey> {
  const key = await readers.keys.find(keyId)
  const secret = key?.secrets.find((candidate) => digestsEqual(candidate.digest, digest))
  if (key === undefined || secret === undefined) throw refused('credential_invalid')
  const refusal = keyRefusal(
    key.deletedAtMs !== null,
    key.active && (await isConsumerActive(readers, key)),
    keyEndsAtMs(key),
    secretEndsAtMs(key, secret),
    nowMs,
  )
  if (refusal !== undefined) throw refused(refusal)
  const external = await externalKeyIn(readers, key, organization)
  for (const rules of [key.addressRules, external?.addressRules ?? []]) {
    if (rules.length > 0 && (address === undefined || !new AddressSet(rules).has(address))) {
      throw new Problem('address_not_allowed')
    }
  }
  return { key, secret, external, grants: await grantsOf(readers, key, external) }
}

/** What a key is in another organization, if it works there. */
export async function externalKeyIn(
  { externalKeys }: Pick<ActorReaders, 'externalKeys'>,
  key: KeyRow,
  organization: string | undefined,
): Promise<ExternalKeyRow | undefined> {
  if (organization === undefined || organization === key.organization || key.type === 'public')
    return undefined
  const external = await externalKeys.find(organization, key.id)
  return external?.active === true && external.allowed ? external : undefined
}

/** What the roles of a key grant: at home, or as the external key that it is in another organization. */
export async function grantsOf(
  { roles }: Pick<ActorReaders, 'roles'>,
  key: KeyRow,
  external: ExternalKeyRow | undefined,
): Promise<readonly Grant[]> {
  // The environment of a key says nothing about another organization.
  if (external !== undefined) {
    return grantsOfKey({ roles: external.roles, environment: null }, await customRolesAmong(roles, external))
  }
  return key.type === 'public' ? [] : grantsOfKey(key, await customRolesAmong(roles, key))
}

/** Whether the consumer of a key is active; true for a key of the organization itself. */
export async function isConsumerActive(
  { consumers }: Pick<ActorReaders, 'consumers'>,
  key: KeyRow,
): Promise<boolean> {
  if (key.consumer === null) return true
  const consumer = await consumers.get(key.organization, key.consumer)
  return consumer?.active === true
}

function refused(reason: KeyRefusal | 'credential_invalid'): Problem {
  const { title, advice } = PROBLEMS[reason]
  return new Problem('unauthenticated', { detail: `${title} (${reason}). ${advice}` })
}
