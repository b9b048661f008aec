import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

async function tenantTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'organizations', { slug: name, name: text, ordinal: integer, created_at: integer })
    .addPrimaryKeyConstraint('organizations_pkey', ['slug'])
    .addUniqueConstraint('organizations_ordinal', ['ordinal'])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'environments', { organization: name, name, position: integer, created_at: integer })
    .addPrimaryKeyConstraint('environments_pkey', ['organization', 'name'])
    .addForeignKeyConstraint('environments_organization', ['organization'], 'organizations', ['slug'])
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'policies',
    {
      organization: name,
      environment: name,
      version: integer,
      mode: text,
      created_at: integer,
      created_by: text,
    },
    {},
  )
    .addPrimaryKeyConstraint('policies_pkey', ['organization', 'environment', 'version'])
    .addForeignKeyConstraint('policies_environment', ['organization', 'environment'], 'environments', [
      'organization',
      'name',
    ])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'projects', { organization: name, name, created_at: integer }, { description: text })
    .addPrimaryKeyConstraint('projects_pkey', ['organization', 'name'])
    .addForeignKeyConstraint('projects_organization', ['organization'], 'organizations', ['slug'])
    .modifyEnd(tableEnd)
    .execute()
}

async function pipelineTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'pipelines', { organization: name, name, project: name, created_at: integer })
    .addPrimaryKeyConstraint('pipelines_pkey', ['organization', 'name'])
    .addForeignKeyConstraint('pipelines_project', ['organization', 'project'], 'projects', [
      'organization',
      'name',
    ])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'pipeline_versions', {
    organization: name,
    pipeline: name,
    major: integer,
    minor: integer,
    source_json: text,
    spec_json: text,
    created_at: integer,
    created_by: text,
  })
    .addPrimaryKeyConstraint('pipeline_versions_pkey', ['organization', 'pipeline', 'major', 'minor'])
    .addForeignKeyConstraint('pipeline_versions_pipeline', ['organization', 'pipeline'], 'pipelines', [
      'organization',
      'name',
    ])
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'deployments',
    {
      organization: name,
      id: name,
      environment: name,
      pipeline: name,
      project: name,
      major: integer,
      minor: integer,
      spec_json: text,
      created_at: integer,
      created_by: text,
    },
    { ended_at: integer },
  )
    .addPrimaryKeyConstraint('deployments_pkey', ['organization', 'id'])
    .addForeignKeyConstraint('deployments_environment', ['organization', 'environment'], 'environments', [
      'organization',
      'name',
    ])
    .addForeignKeyConstraint(
      'deployments_version',
      ['organization', 'pipeline', 'major', 'minor'],
      'pipeline_versions',
      ['organization', 'pipeline', 'major', 'minor'],
    )
    .modifyEnd(tableEnd)
    .execute()
}

async function consumerTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(
    db,
    'consumers',
    {
      organization: name,
      id: name,
      environment: name,
      name,
      active: integer,
      created_at: integer,
      created_by: text,
    },
    { description: text },
  )
    .addPrimaryKeyConstraint('consumers_pkey', ['organization', 'id'])
    .addUniqueConstraint('consumers_name', ['organization', 'environment', 'name'])
    .addForeignKeyConstraint('consumers_environment', ['organization', 'environment'], 'environments', [
      'organization',
      'name',
    ])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'consumer_pipelines', { organization: name, consumer: name, pipeline: name })
    .addPrimaryKeyConstraint('consumer_pipelines_pkey', ['organization', 'consumer', 'pipeline'])
    .addForeignKeyConstraint('consumer_pipelines_consumer', ['organization', 'consumer'], 'consumers', [
      'organization',
      'id',
    ])
    .addForeignKeyConstraint('consumer_pipelines_pipeline', ['organization', 'pipeline'], 'pipelines', [
      'organization',
      'name',
    ])
    .modifyEnd(tableEnd)
    .execute()
}

async function keyTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(
    db,
    'keys',
    {
      organization: name,
      id: name,
      name: text,
      type: text,
      roles_json: text,
      active: integer,
      created_at: integer,
      created_by: text,
      address_rules_json: text,
      rate_limits_json: text,
    },
    { environment: name, consumer: name, expires_at: integer, deleted_at: integer, public_tokens_json: text },
  )
    .addPrimaryKeyConstraint('keys_pkey', ['organization', 'id'])
    .addUniqueConstraint('keys_id', ['id'])
    .addForeignKeyConstraint('keys_organization', ['organization'], 'organizations', ['slug'])
    .addForeignKeyConstraint('keys_environment', ['organization', 'environment'], 'environments', [
      'organization',
      'name',
    ])
    .addForeignKeyConstraint('keys_consumer', ['organization', 'consumer'], 'consumers', [
      'organization',
      'id',
    ])
    // The token of a secret key is shown once and never kept: here the database itself refuses it.
    .addCheckConstraint('keys_public_tokens', sql`type = 'public' or public_tokens_json is null`)
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'secrets',
    { organization: name, key_id: name, sequence: integer, digest: text, hint: text, created_at: integer },
    { expires_at: integer },
  )
    .addPrimaryKeyConstraint('secrets_pkey', ['organization', 'key_id', 'sequence'])
    .addForeignKeyConstraint('secrets_key', ['organization', 'key_id'], 'keys', ['organization', 'id'])
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'secret_usage',
    { organization: name, key_id: name, sequence: integer, requests: integer, last_used_at: integer },
    { last_used_address: text },
  )
    .addPrimaryKeyConstraint('secret_usage_pkey', ['organization', 'key_id', 'sequence'])
    .modifyEnd(tableEnd)
    .execute()
}

async function recordTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'audit_events', {
    organization: name,
    sequence: integer,
    happened_at: integer,
    actor: name,
    action: name,
    target: name,
    before_json: text,
    after_json: text,
    previous_hash: text,
    hash: text,
  })
    .addPrimaryKeyConstraint('audit_events_pkey', ['organization', 'sequence'])
    .addForeignKeyConstraint('audit_events_organization', ['organization'], 'organizations', ['slug'])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'idempotent_answers', {
    scope: name,
    idempotency_key: name,
    request_digest: text,
    sealed_result: text,
    created_at: integer,
  })
    .addPrimaryKeyConstraint('idempotent_answers_pkey', ['scope', 'idempotency_key'])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'changes', { revision: integer, committed_at: integer, records_json: text })
    .addPrimaryKeyConstraint('changes_pkey', ['revision'])
    .modifyEnd(tableEnd)
    .execute()
}

/** For the lists in order of creation, and for what points at a thing that is about to be removed. */
const INDEXES: readonly (readonly [name: string, table: string, columns: readonly string[]])[] = [
  ['projects_created', 'projects', ['organization', 'created_at', 'name']],
  ['pipelines_created', 'pipelines', ['organization', 'created_at', 'name']],
  ['pipelines_of_project', 'pipelines', ['organization', 'project']],
  ['deployments_created', 'deployments', ['organization', 'created_at', 'id']],
  ['deployments_of_environment', 'deployments', ['organization', 'environment', 'pipeline']],
  ['deployments_of_version', 'deployments', ['organization', 'pipeline', 'major', 'minor']],
  ['consumers_created', 'consumers', ['organization', 'created_at', 'id']],
  ['consumer_pipelines_of_pipeline', 'consumer_pipelines', ['organization', 'pipeline']],
  ['keys_created', 'keys', ['organization', 'created_at', 'id']],
  ['keys_of_environment', 'keys', ['organization', 'environment']],
  ['keys_of_consumer', 'keys', ['organization', 'consumer']],
  ['idempotent_answers_created', 'idempotent_answers', ['created_at']],
]

export const spine: Migration = {
  number: 1,
  name: 'spine',
  async up(db, types) {
    await tenantTables(db, types)
    await pipelineTables(db, types)
    await consumerTables(db, types)
    await keyTables(db, types)
    await recordTables(db, types)
    for (const [name, on, columns] of INDEXES) {
      await db.schema
        .createIndex(name)
        .on(on)
        .columns([...columns])
        .execute()
    }
    // One live deployment for each pipeline, major and environment; ended ones stay for rollback and audit.
    await sql`
      create unique index deployments_live on deployments (organization, environment, pipeline, major)
      where ended_at is null
    `.execute(db)
  },
}
