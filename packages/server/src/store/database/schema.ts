import type { Kysely } from 'kysely'

/**
 * The tables, as Kysely sees them. Columns named `…_at` are integer milliseconds since 1970, `…_json` is JSON as
 * text, and truth is 0 or 1. The SQL that makes them is in `migrations/`.
 */
export interface Schema {
  migrations: MigrationTable
  organizations: OrganizationTable
  environments: EnvironmentTable
  projects: ProjectTable
  pipelines: PipelineTable
  pipeline_versions: PipelineVersionTable
  policies: PolicyTable
  deployments: DeploymentTable
  consumers: ConsumerTable
  consumer_pipelines: ConsumerPipelineTable
  keys: KeyTable
  secrets: SecretTable
  secret_usage: SecretUsageTable
  signing_keys: SigningKeyTable
  issuers: IssuerTable
  environment_secrets: EnvironmentSecretTable
  basic_credentials: BasicCredentialTable
  deployment_probes: DeploymentProbeTable
  schedule_runs: ScheduleRunTable
  audit_events: AuditEventTable
  idempotent_answers: IdempotentAnswerTable
  changes: ChangeTable
}

interface MigrationTable {
  number: number
  name: string
  applied_at: number
}

export interface OrganizationTable {
  slug: string
  name: string
  /** 1 for the organization that set-up made, whatever the clock did since. */
  ordinal: number
  created_at: number
}

export interface EnvironmentTable {
  organization: string
  name: string
  position: number
  created_at: number
}

export interface ProjectTable {
  organization: string
  name: string
  description: string | null
  created_at: number
}

export interface PipelineTable {
  organization: string
  name: string
  project: string
  created_at: number
}

export interface PipelineVersionTable {
  organization: string
  pipeline: string
  major: number
  minor: number
  source_json: string
  spec_json: string
  created_at: number
  created_by: string
}

export interface PolicyTable {
  organization: string
  environment: string
  version: number
  mode: string
  created_at: number
  created_by: string
}

export interface DeploymentTable {
  organization: string
  id: string
  environment: string
  pipeline: string
  project: string
  major: number
  minor: number
  spec_json: string
  created_at: number
  created_by: string
  ended_at: number | null
  ended_by: string | null
  replaced_by: string | null
}

export interface ConsumerTable {
  organization: string
  id: string
  environment: string
  name: string
  description: string | null
  active: number
  created_at: number
  created_by: string
}

export interface ConsumerPipelineTable {
  organization: string
  consumer: string
  pipeline: string
}

export interface KeyTable {
  organization: string
  id: string
  name: string
  type: string
  environment: string | null
  consumer: string | null
  roles_json: string
  active: number
  created_at: number
  created_by: string
  expires_at: number | null
  deleted_at: number | null
  address_rules_json: string
  rate_limits_json: string
  /** Null for a secret key. */
  public_tokens_json: string | null
}

export interface SecretTable {
  organization: string
  key_id: string
  sequence: number
  digest: string
  hint: string
  created_at: number
  expires_at: number | null
}

/**
 * Counters of secrets, apart from the secrets: they change each second, and neither the snapshot nor a writer should
 * meet that traffic. No foreign key leads from here, so that counting never waits for a writer.
 */
export interface SecretUsageTable {
  organization: string
  key_id: string
  sequence: number
  requests: number
  last_used_at: number
  last_used_address: string | null
}

export interface SigningKeyTable {
  organization: string
  id: string
  environment: string
  algorithm: string
  public_jwk_json: string
  sealed_private_jwk: string
  created_at: number
  created_by: string
  verifies_until: number | null
}

/** One of `jwks_url` and `jwks_json` is null, the other is not. */
export interface IssuerTable {
  organization: string
  id: string
  environment: string
  issuer: string
  audiences_json: string
  jwks_url: string | null
  jwks_json: string | null
  created_at: number
  created_by: string
}

export interface EnvironmentSecretTable {
  organization: string
  id: string
  environment: string
  name: string
  sealed_value: string
  created_at: number
  updated_at: number
  updated_by: string
}

export interface BasicCredentialTable {
  organization: string
  id: string
  environment: string
  username: string
  consumer: string
  password_hash: string
  created_at: number
  created_by: string
}

export interface DeploymentProbeTable {
  organization: string
  deployment: string
  checked_at: number
  results_json: string
  alarm: number
}

/** Rows go with their environment or pipeline by themselves. */
export interface ScheduleRunTable {
  organization: string
  environment: string
  pipeline: string
  major: number
  due_at: number
  started_at: number
  finished_at: number | null
  outcome: string | null
}

export interface AuditEventTable {
  organization: string
  sequence: number
  happened_at: number
  actor: string
  action: string
  target: string
  before_json: string
  after_json: string
  previous_hash: string
  hash: string
}

interface IdempotentAnswerTable {
  scope: string
  idempotency_key: string
  request_digest: string
  sealed_result: string
  created_at: number
}

interface ChangeTable {
  revision: number
  committed_at: number
  records_json: string
}

export type Database = Kysely<Schema>
