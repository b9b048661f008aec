import type {
  KeyFacts,
  KeyId,
  KeyType,
  PipelineSpec,
  PolicyMode,
  PublicJwk,
  RateLimit,
  SigningAlgorithm,
} from '@sallyport/core'

/** What the store keeps, one interface a thing. Times are integer milliseconds since 1970. */

export interface OrganizationRow {
  readonly slug: string
  readonly name: string
  readonly createdAtMs: number
}

export interface EnvironmentRow {
  readonly organization: string
  readonly name: string
  /** The order of promotion: 0 comes first. */
  readonly position: number
  readonly createdAtMs: number
}

export interface ProjectRow {
  readonly organization: string
  readonly name: string
  readonly description: string | null
  readonly createdAtMs: number
}

export interface PipelineRow {
  readonly organization: string
  readonly name: string
  readonly project: string
  readonly createdAtMs: number
}

export interface VersionRow {
  readonly organization: string
  readonly pipeline: string
  readonly major: number
  readonly minor: number
  /** The spec as the developer wrote it, once it was found valid. */
  readonly source: unknown
  /** The same with every default filled in: what a deployment runs. */
  readonly spec: PipelineSpec
  readonly createdAtMs: number
  readonly createdBy: string
}

/** One version of an environment's policy; the highest is in force. */
export interface PolicyRow {
  readonly organization: string
  readonly environment: string
  /** 1, 2, 3, … */
  readonly version: number
  readonly mode: PolicyMode
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface DeploymentRow {
  readonly organization: string
  readonly id: string
  readonly environment: string
  readonly pipeline: string
  readonly project: string
  readonly major: number
  readonly minor: number
  readonly spec: PipelineSpec
  readonly createdAtMs: number
  readonly createdBy: string
  /** When it was replaced or taken down; null while it is live. */
  readonly endedAtMs: number | null
  /** Who replaced it or took it down. */
  readonly endedBy: string | null
  /** The id of the deployment that took its place; null where none did. */
  readonly replacedBy: string | null
}

/** How a deployment ends. */
export interface DeploymentEnd {
  readonly endedAtMs: number
  readonly endedBy: string
  readonly replacedBy: string | null
}

export interface ConsumerRow {
  readonly organization: string
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly environment: string
  readonly active: boolean
  readonly pipelines: readonly string[]
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface SecretRow {
  readonly sequence: number
  /** SHA-256 of the whole token, 64 lower-case hexadecimal digits. */
  readonly digest: string
  readonly hint: string
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly requests: number
  readonly lastUsedAtMs: number | null
  readonly lastUsedAddress: string | null
}

export interface KeyRow extends KeyFacts<SecretRow> {
  readonly organization: string
  readonly id: KeyId
  readonly name: string
  readonly type: KeyType
  readonly environment: string | null
  readonly consumer: string | null
  readonly roles: readonly string[]
  readonly active: boolean
  readonly createdAtMs: number
  readonly createdBy: string
  readonly expiresAtMs: number | null
  readonly deletedAtMs: number | null
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  /** The tokens of a public key's live secrets, oldest first, which may be read any time; of a secret key always none. */
  readonly publicTokens: readonly string[]
  /** Oldest first. */
  readonly secrets: readonly SecretRow[]
}

/** A key that signs an environment's JWTs, or did. */
export interface SigningKeyRow {
  readonly organization: string
  readonly environment: string
  /** The `kid`. */
  readonly id: string
  readonly algorithm: SigningAlgorithm
  readonly publicJwk: PublicJwk
  readonly sealedPrivateJwk: string
  readonly createdAtMs: number
  readonly createdBy: string
  /** When its tokens stop being accepted; null for the one key of an environment that signs. */
  readonly verifiesUntilMs: number | null
}

/** A trusted issuer. Either `jwksUrl` or `jwks` is there. */
export interface IssuerRow {
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment. */
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly jwksUrl: string | null
  readonly jwks: { readonly keys: readonly PublicJwk[] } | null
  readonly createdAtMs: number
  readonly createdBy: string
}

/** A secret of an environment. */
export interface EnvironmentSecretRow {
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment, and unchanged for good. */
  readonly name: string
  readonly sealedValue: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly updatedBy: string
}

/** A Basic credential of a consumer. */
export interface BasicCredentialRow {
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment. */
  readonly username: string
  /** The consumer's id. */
  readonly consumer: string
  /** In the PHC string format. */
  readonly passwordHash: string
  readonly createdAtMs: number
  readonly createdBy: string
}

/** What a stranger gets at the routes of a deployment, found out just after it went live. */
export interface ProbeRow {
  readonly organization: string
  readonly deployment: string
  readonly checkedAtMs: number
  readonly results: readonly ProbeResult[]
  /** Whether a route that should ask for something does not. */
  readonly alarm: boolean
}
export interface ProbeResult {
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** `allow`, or the code of the refusal. */
  readonly outcome: string
  /** Whether the route should have asked for something and did not. */
  readonly alarm: boolean
}

/** One due time of a schedule, taken by one process. */
export interface ScheduleRunRow {
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  readonly major: number
  readonly dueAtMs: number
  readonly startedAtMs: number
  /** Null while it runs, or when its process ended in the middle. */
  readonly finishedAtMs: number | null
  /** `succeeded`, or the code of the problem with which it ended; null while it runs. */
  readonly outcome: string | null
}

/** What somebody did, as the audit log keeps it. `before` and `after` hold no secret. */
export interface AuditEntry {
  readonly organization: string
  readonly atMs: number
  /** `key_…` of the key that acted, or `setup`. */
  readonly actor: string
  /** Such as `keys.create`. */
  readonly action: string
  /** Such as `key/key_4fT0Qm2ZrX9bLk7A`. */
  readonly target: string
  readonly before: unknown
  readonly after: unknown
}

/** An entry in its organization's hash chain. */
export interface AuditRow extends AuditEntry {
  /** 1, 2, 3, … without a gap within the organization. */
  readonly sequence: number
  /** `hash` of the row before; 64 zeros for the first. */
  readonly previousHash: string
  /** SHA-256 over the previous hash and the canonical JSON of the entry with its sequence; 64 hexadecimal digits. */
  readonly hash: string
}

/** The kept answer of a POST, so that repeating it does nothing twice. */
export interface IdempotencyRow {
  /** Who asked: a key's id, or `setup`. */
  readonly scope: string
  readonly key: string
  /** SHA-256 of method, path and body: the same key with another request is a conflict. */
  readonly requestDigest: string
  /** The result, sealed under the master key, since it can hold a token. */
  readonly sealedResult: string
  readonly createdAtMs: number
}

/** How often one secret was used since the last report. */
export interface UsageRow {
  readonly keyId: KeyId
  readonly secretSequence: number
  readonly requests: number
  readonly lastUsedAtMs: number
  readonly lastUsedAddress: string | null
}
