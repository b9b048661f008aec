import {
  type BasicCredentialRecord,
  type ConsumerRecord,
  type DeploymentRecord,
  type EnvironmentRecord,
  type EnvironmentSecretRecord,
  type IssuerRecord,
  type KeyId,
  type KeyRecord,
  type KeyType,
  type OrganizationRecord,
  type PipelineSpec,
  type PublicJwk,
  SECRETS_PER_KEY_MAX,
  type SecretRecord,
  type SigningAlgorithm,
  type SigningKeyRecord,
} from '@sallyport/core'
import { jwksFromJson, rateLimitsFromJson, textsFromJson } from '../database/json-columns.ts'
import type {
  BasicCredentialTable,
  ConsumerTable,
  DeploymentTable,
  EnvironmentSecretTable,
  EnvironmentTable,
  IssuerTable,
  KeyTable,
  OrganizationTable,
  SecretTable,
  SigningKeyTable,
} from '../database/schema.ts'

/*
 * From rows to what gateways are told. The snapshot and every change go through these same functions over the same
 * columns, so that a gateway that followed the changes cannot differ from one that loaded afresh.
 */

export const ORGANIZATION_FEED_COLUMNS = ['slug'] as const
export const ENVIRONMENT_FEED_COLUMNS = ['organization', 'name'] as const
export const CONSUMER_FEED_COLUMNS = ['organization', 'id', 'name', 'environment', 'active'] as const
export const KEY_FEED_COLUMNS = [
  'organization',
  'id',
  'type',
  'environment',
  'consumer',
  'active',
  'created_at',
  'expires_at',
  'deleted_at',
] as const
/** Lists of a key that are nearly always empty, and then are asked for as null: what is not read costs nothing. */
export const KEY_FEED_LISTS = ['roles_json', 'address_rules_json', 'rate_limits_json'] as const
/** Without the organization: key ids are unique over all of them. */
export const SECRET_FEED_COLUMNS = ['key_id', 'sequence', 'digest', 'expires_at'] as const
export const SIGNING_KEY_FEED_COLUMNS = [
  'organization',
  'environment',
  'id',
  'algorithm',
  'public_jwk_json',
  'sealed_private_jwk',
  'created_at',
  'verifies_until',
] as const
export const ISSUER_FEED_COLUMNS = [
  'organization',
  'environment',
  'id',
  'issuer',
  'audiences_json',
  'jwks_url',
  'jwks_json',
] as const
export const ENVIRONMENT_SECRET_FEED_COLUMNS = [
  'organization',
  'environment',
  'id',
  'name',
  'sealed_value',
] as const
export const BASIC_CREDENTIAL_FEED_COLUMNS = [
  'organization',
  'environment',
  'id',
  'username',
  'consumer',
  'password_hash',
] as const
export const DEPLOYMENT_FEED_COLUMNS = [
  'organization',
  'environment',
  'id',
  'pipeline',
  'project',
  'major',
  'minor',
  'spec_json',
] as const

type Columns<Table, Names extends readonly (keyof Table)[]> = Pick<Table, Names[number]>
export type OrganizationFeedRow = Columns<OrganizationTable, typeof ORGANIZATION_FEED_COLUMNS>
export type EnvironmentFeedRow = Columns<EnvironmentTable, typeof ENVIRONMENT_FEED_COLUMNS>
export type ConsumerFeedRow = Columns<ConsumerTable, typeof CONSUMER_FEED_COLUMNS>
export type KeyFeedRow = Columns<KeyTable, typeof KEY_FEED_COLUMNS> &
  Readonly<Record<(typeof KEY_FEED_LISTS)[number], string | null>>
export type SecretFeedRow = Columns<SecretTable, typeof SECRET_FEED_COLUMNS>
export type SigningKeyFeedRow = Columns<SigningKeyTable, typeof SIGNING_KEY_FEED_COLUMNS>
export type IssuerFeedRow = Columns<IssuerTable, typeof ISSUER_FEED_COLUMNS>
export type EnvironmentSecretFeedRow = Columns<EnvironmentSecretTable, typeof ENVIRONMENT_SECRET_FEED_COLUMNS>
export type BasicCredentialFeedRow = Columns<BasicCredentialTable, typeof BASIC_CREDENTIAL_FEED_COLUMNS>
export type DeploymentFeedRow = Columns<DeploymentTable, typeof DEPLOYMENT_FEED_COLUMNS>

export function organizationRecord(row: OrganizationFeedRow): OrganizationRecord {
  return { kind: 'organization', slug: row.slug }
}

export function environmentRecord(row: EnvironmentFeedRow): EnvironmentRecord {
  return { kind: 'environment', organization: row.organization, name: row.name }
}

/** @param pipelines in order of name */
export function consumerRecord(row: ConsumerFeedRow, pipelines: readonly string[]): ConsumerRecord {
  return {
    kind: 'consumer',
    organization: row.organization,
    id: row.id,
    name: row.name,
    environment: row.environment,
    active: row.active === 1,
    pipelines,
  }
}

function secretRecord(row: SecretFeedRow): SecretRecord {
  return { sequence: row.sequence, digest: row.digest, expiresAtMs: row.expires_at }
}

/** @param secrets oldest first; of more than `SECRETS_PER_KEY_MAX`, gateways are told the newest */
export function keyRecord(row: KeyFeedRow, secrets: readonly SecretFeedRow[]): KeyRecord {
  return {
    kind: 'key',
    organization: row.organization,
    id: row.id as KeyId,
    type: row.type as KeyType,
    environment: row.environment,
    consumer: row.consumer,
    roles: textsFromJson(row.roles_json),
    active: row.active === 1,
    deleted: row.deleted_at !== null,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    addressRules: textsFromJson(row.address_rules_json),
    rateLimits: rateLimitsFromJson(row.rate_limits_json),
    secrets: (secrets.length > SECRETS_PER_KEY_MAX ? secrets.slice(-SECRETS_PER_KEY_MAX) : secrets).map(
      secretRecord,
    ),
  }
}

export function signingKeyRecord(row: SigningKeyFeedRow): SigningKeyRecord {
  return {
    kind: 'signing-key',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    algorithm: row.algorithm as SigningAlgorithm,
    publicJwk: JSON.parse(row.public_jwk_json) as PublicJwk,
    sealedPrivateJwk: row.sealed_private_jwk,
    createdAtMs: row.created_at,
    verifiesUntilMs: row.verifies_until,
  }
}

export function issuerRecord(row: IssuerFeedRow): IssuerRecord {
  return {
    kind: 'issuer',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    issuer: row.issuer,
    audiences: textsFromJson(row.audiences_json),
    jwksUrl: row.jwks_url,
    jwks: jwksFromJson(row.jwks_json),
  }
}

export function environmentSecretRecord(row: EnvironmentSecretFeedRow): EnvironmentSecretRecord {
  return {
    kind: 'environment-secret',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    name: row.name,
    sealedValue: row.sealed_value,
  }
}

export function basicCredentialRecord(row: BasicCredentialFeedRow): BasicCredentialRecord {
  return {
    kind: 'basic-credential',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    username: row.username,
    consumer: row.consumer,
    passwordHash: row.password_hash,
  }
}

export function deploymentRecord(row: DeploymentFeedRow): DeploymentRecord {
  return {
    kind: 'deployment',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    pipeline: row.pipeline,
    project: row.project,
    version: `${row.major}.${row.minor}`,
    spec: JSON.parse(row.spec_json) as PipelineSpec,
  }
}
