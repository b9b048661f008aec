import type { KeyId, KeyType } from '../keys/key-text.ts'
import type { Grant } from '../access/permissions.ts'
import type { PipelineSpec, RateLimit } from '../pipelines/pipeline-spec.ts'
import type { PublicJwk, SigningAlgorithm } from '../tokens/signing-algorithm.ts'

/**
 * What flows from the store to a gateway: first a snapshot's records, then changes. Everything here is plain data,
 * so that the same gateway can be fed within a thread, across threads or over a network. A record is the whole
 * state of one thing, so applying it twice is the same as once.
 */
export type FeedRecord =
  | OrganizationRecord
  | EnvironmentRecord
  | ConsumerRecord
  | KeyRecord
  | ExternalKeyRecord
  | RoleRecord
  | DeploymentRecord
  | SigningKeyRecord
  | IssuerRecord
  | EnvironmentSecretRecord
  | BasicCredentialRecord
  | RemovedRecord

export interface OrganizationRecord {
  readonly kind: 'organization'
  readonly slug: string
}

export interface EnvironmentRecord {
  readonly kind: 'environment'
  readonly organization: string
  readonly name: string
}

export interface ConsumerRecord {
  readonly kind: 'consumer'
  readonly organization: string
  readonly id: string
  readonly name: string
  readonly environment: string
  readonly active: boolean
  /** Names of the pipelines that it may call. */
  readonly pipelines: readonly string[]
}

/** One secret of a key: the SHA-256 of its whole token, and when its grace ends if it was rolled. */
export interface SecretRecord {
  /** 1 for a key's first secret, then 2, 3, …; with the key's id it names the secret for good. */
  readonly sequence: number
  /** 64 lower-case hexadecimal digits. */
  readonly digest: string
  readonly expiresAtMs: number | null
}

export interface KeyRecord {
  readonly kind: 'key'
  readonly organization: string
  readonly id: KeyId
  readonly type: KeyType
  readonly environment: string | null
  /** The consumer's id, or null for a key of the organization itself. */
  readonly consumer: string | null
  readonly roles: readonly string[]
  readonly active: boolean
  /** A deleted key stays as a tombstone, so that its caller is told the truth. */
  readonly deleted: boolean
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  /** Address ranges in CIDR form from which the key works; empty for anywhere. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  /** Oldest first, at most `SECRETS_PER_KEY_MAX`; a secret that is over stays until it is pushed out. */
  readonly secrets: readonly SecretRecord[]
}

/** Another organization's key, given roles in this one. */
export interface ExternalKeyRecord {
  readonly kind: 'external-key'
  readonly organization: string
  readonly id: string
  readonly keyId: KeyId
  readonly roles: readonly string[]
  readonly active: boolean
}

/** A custom role. Built-in ones are known to every gateway. */
export interface RoleRecord {
  readonly kind: 'role'
  readonly organization: string
  readonly name: string
  readonly grants: readonly Grant[]
}

export interface DeploymentRecord {
  readonly kind: 'deployment'
  readonly organization: string
  readonly environment: string
  readonly id: string
  readonly pipeline: string
  readonly project: string
  /** `major.minor`. */
  readonly version: string
  readonly spec: PipelineSpec
}

/** A key with which an environment signs the JWTs that its login pipelines mint. */
export interface SigningKeyRecord {
  readonly kind: 'signing-key'
  readonly organization: string
  readonly environment: string
  /** The `kid` of its tokens (RFC 7517 section 4.5). */
  readonly id: string
  readonly algorithm: SigningAlgorithm
  readonly publicJwk: PublicJwk
  /** The private half as a JWK, sealed under the master key. */
  readonly sealedPrivateJwk: string
  readonly createdAtMs: number
  /** When its tokens stop being accepted; null for the key that signs. */
  readonly verifiesUntilMs: number | null
}

/** Somebody else who may make JWTs for an environment's callers. Either `jwksUrl` or `jwks` is there. */
export interface IssuerRecord {
  readonly kind: 'issuer'
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** What `iss` must be, to the character (RFC 7519 section 4.1.1). */
  readonly issuer: string
  /** `aud` must hold one of these (RFC 7519 section 4.1.3); never empty. */
  readonly audiences: readonly string[]
  readonly jwksUrl: string | null
  /** Public keys alone. */
  readonly jwks: { readonly keys: readonly PublicJwk[] } | null
}

/** A secret of an environment, for `{secrets.NAME}` in URLs and headers. */
export interface EnvironmentSecretRecord {
  readonly kind: 'environment-secret'
  readonly organization: string
  readonly environment: string
  readonly id: string
  readonly name: string
  /** The value, sealed under the master key. */
  readonly sealedValue: string
}

/** A username with which a consumer may call (RFC 7617). */
export interface BasicCredentialRecord {
  readonly kind: 'basic-credential'
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment. */
  readonly username: string
  /** The consumer's id. */
  readonly consumer: string
  /** In the PHC string format. */
  readonly passwordHash: string
}

/** The thing is gone. Keys are never removed: they become tombstones. */
export interface RemovedRecord {
  readonly kind: 'removed'
  readonly of: Exclude<FeedRecord['kind'], 'organization' | 'key' | 'removed'>
  readonly organization: string
  /** The environment's or role's name, else the thing's id. */
  readonly id: string
}

/** One committed change: everything that one operation did, under one revision. */
export interface Change {
  readonly revision: number
  readonly atMs: number
  readonly records: readonly FeedRecord[]
}
