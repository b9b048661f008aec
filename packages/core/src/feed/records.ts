import type { KeyId, KeyType } from '../keys/key-text.ts'
import type { Grant } from '../access/permissions.ts'
import type { Labels } from '../labels/labels.ts'
import type { PlanLimit } from '../limits/plan-limit.ts'
import type { PipelineSpec, RateLimit } from '../pipelines/pipeline-spec.ts'
import type { PublicJwk, SigningAlgorithm } from '../tokens/signing-algorithm.ts'

/*
 * The records of the feed, one interface for each kind of entity. A record is plain data and holds the whole state of
 * its entity. `snapshot/record-kinds.ts` defines how each kind is identified and applied.
 */

/** A tenant. Its records refer to it by slug. */
export interface OrganizationRecord {
  readonly kind: 'organization'
  readonly slug: string
}

/** A stage of an organization, such as `prod`. Its records refer to it by name. */
export interface EnvironmentRecord {
  readonly kind: 'environment'
  readonly organization: string
  readonly name: string
  /** Missing for `serve`, and in changes of releases without this choice. */
  readonly whenStale?: 'refuse'
}

/** The longest lifetime of secrets, for the keys of one environment or for those without an environment. */
export interface KeyAgeRecord {
  readonly kind: 'key-age'
  readonly organization: string
  /** The environment's name; null for keys without an environment. */
  readonly environment: string | null
  /** Null for no maximum. */
  readonly maxLifetimeDays: number | null
}

/** A calling system in one environment. */
export interface ConsumerRecord {
  readonly kind: 'consumer'
  readonly organization: string
  readonly id: string
  readonly name: string
  readonly environment: string
  readonly active: boolean
  /** Names of the pipelines that the consumer may call. */
  readonly pipelines: readonly string[]
  /**
   * Names of the projects of which it may call every pipeline. Left out without projects, as in changes from before the
   * field existed.
   */
  readonly projects?: readonly string[]
  /** Left out without labels, as in changes from before the field existed. */
  readonly labels?: Labels
  /** The id of its plan. Left out without a plan, as in changes from before the field existed. */
  readonly plan?: string
}

/** The rate limits of the consumers that have the plan. */
export interface PlanRecord {
  readonly kind: 'plan'
  readonly organization: string
  readonly environment: string
  readonly id: string
  readonly rateLimits: readonly PlanLimit[]
}

/** One secret of a key. */
export interface SecretRecord {
  /** 1 for a key's first secret, then 2, 3, …; numbers are never reused. */
  readonly sequence: number
  /** SHA-256 of the whole token, as 64 lower-case hexadecimal digits. */
  readonly digest: string
  /** When the grace of a rolled secret ends, in milliseconds since 1970; null for the current secret. */
  readonly expiresAtMs: number | null
  /**
   * When it was created, in milliseconds since 1970, rounded down to a second. Changes of earlier releases lack it: the
   * secret then counts as old as its key, so that no maximum ends it too late.
   */
  readonly createdAtMs?: number
}

/** An API key of this organization. */
export interface KeyRecord {
  readonly kind: 'key'
  readonly organization: string
  readonly id: KeyId
  readonly type: KeyType
  /** The environment's name; null for a key that works in every environment. */
  readonly environment: string | null
  /** The consumer's id; null for a key of the organization itself. */
  readonly consumer: string | null
  /** Names of roles. */
  readonly roles: readonly string[]
  readonly active: boolean
  /** A deleted key stays as a tombstone, so that its caller gets `key_deleted`. */
  readonly deleted: boolean
  /** Milliseconds since 1970. */
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  /** Address ranges in CIDR notation from which the key works; empty when it works from everywhere. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  /** Left out without labels, as in changes from before the field existed. */
  readonly labels?: Labels
  /** Oldest first, at most `SECRETS_PER_KEY_MAX`; an outdated secret stays until newer ones displace it. */
  readonly secrets: readonly SecretRecord[]
  /** Whether the token of one of the secrets was issued elsewhere, as the first one of an imported key. */
  readonly hasForeignToken?: true
}

/** A key of another organization that has roles in this one. */
export interface ExternalKeyRecord {
  readonly kind: 'external-key'
  readonly organization: string
  readonly id: string
  readonly keyId: KeyId
  readonly roles: readonly string[]
  /** Whether this organization has it switched on and the key's owner allows it. */
  readonly active: boolean
  /** In addition to those of the key itself. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
}

/** A custom role. Built-in roles are part of the code. */
export interface RoleRecord {
  readonly kind: 'role'
  readonly organization: string
  readonly name: string
  readonly grants: readonly Grant[]
}

/** A version of a pipeline that is live in an environment. */
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

/** A key pair with which an environment signs the JWTs of its login pipelines. */
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
  /** Milliseconds since 1970. */
  readonly createdAtMs: number
  /** When its tokens stop being accepted, in milliseconds since 1970; null for the key that signs new tokens. */
  readonly verifiesUntilMs: number | null
}

/** A trusted issuer of JWTs for an environment's callers. Exactly one of `jwksUrl` and `jwks` is set. */
export interface IssuerRecord {
  readonly kind: 'issuer'
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** The exact value of `iss` in its tokens (RFC 7519 section 4.1.1). */
  readonly issuer: string
  /** `aud` must contain one of these (RFC 7519 section 4.1.3); never empty. */
  readonly audiences: readonly string[]
  readonly jwksUrl: string | null
  /** A JWK Set of public keys (RFC 7517 section 5). */
  readonly jwks: { readonly keys: readonly PublicJwk[] } | null
}

/** A secret of an environment; templates of URLs and headers use it as `{secrets.NAME}`. */
export interface EnvironmentSecretRecord {
  readonly kind: 'environment-secret'
  readonly organization: string
  readonly environment: string
  readonly id: string
  readonly name: string
  /** The value, sealed under the master key. */
  readonly sealedValue: string
}

/** A variable of an environment; templates of URLs and headers use it as `{vars.NAME}`. */
export interface EnvironmentVariableRecord {
  readonly kind: 'environment-variable'
  readonly organization: string
  readonly environment: string
  readonly id: string
  readonly name: string
  readonly value: string
}

/** A username and password with which a consumer can call (RFC 7617). */
export interface BasicCredentialRecord {
  readonly kind: 'basic-credential'
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment. */
  readonly username: string
  /** The consumer's id. */
  readonly consumer: string
  /** The password's hash, in the PHC string format. */
  readonly passwordHash: string
}
