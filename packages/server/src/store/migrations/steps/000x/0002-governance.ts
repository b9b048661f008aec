import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

const ENVIRONMENT = ['organization', 'environment']
const ENVIRONMENTS_KEY = ['organization', 'name']

async function environmentTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(
    db,
    'signing_keys',
    {
      organization: name,
      id: name,
      environment: name,
      algorithm: text,
      public_jwk_json: text,
      sealed_private_jwk: text,
      created_at: integer,
      created_by: text,
    },
    { verifies_until: integer },
  )
    .addPrimaryKeyConstraint('signing_keys_pkey', ['organization', 'id'])
    .addForeignKeyConstraint('signing_keys_environment', ENVIRONMENT, 'environments', ENVIRONMENTS_KEY)
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'issuers',
    {
      organization: name,
      id: name,
      environment: name,
      issuer: name,
      audiences_json: text,
      created_at: integer,
      created_by: text,
    },
    { jwks_url: text, jwks_json: text },
  )
    .addPrimaryKeyConstraint('issuers_pkey', ['organization', 'id'])
    .addUniqueConstraint('issuers_issuer', ['organization', 'environment', 'issuer'])
    .addForeignKeyConstraint('issuers_environment', ENVIRONMENT, 'environments', ENVIRONMENTS_KEY)
    .addCheckConstraint('issuers_keys', sql`(jwks_url is null) <> (jwks_json is null)`)
    // A token for whatever audience would let in what was made for somebody else (RFC 8725 section 3.9).
    .addCheckConstraint('issuers_audiences', sql`audiences_json <> '[]'`)
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'environment_secrets', {
    organization: name,
    id: name,
    environment: name,
    name,
    sealed_value: text,
    created_at: integer,
    updated_at: integer,
    updated_by: text,
  })
    .addPrimaryKeyConstraint('environment_secrets_pkey', ['organization', 'id'])
    .addUniqueConstraint('environment_secrets_name', ['organization', 'environment', 'name'])
    .addForeignKeyConstraint('environment_secrets_environment', ENVIRONMENT, 'environments', ENVIRONMENTS_KEY)
    .modifyEnd(tableEnd)
    .execute()
}

async function credentialTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'basic_credentials', {
    organization: name,
    id: name,
    environment: name,
    username: name,
    consumer: name,
    password_hash: text,
    created_at: integer,
    created_by: text,
  })
    .addPrimaryKeyConstraint('basic_credentials_pkey', ['organization', 'id'])
    .addUniqueConstraint('basic_credentials_username', ['organization', 'environment', 'username'])
    .addForeignKeyConstraint('basic_credentials_environment', ENVIRONMENT, 'environments', ENVIRONMENTS_KEY)
    .addForeignKeyConstraint('basic_credentials_consumer', ['organization', 'consumer'], 'consumers', [
      'organization',
      'id',
    ])
    // The first colon ends a username (RFC 7617 section 2): one with a colon in it could never be sent.
    .addCheckConstraint('basic_credentials_sendable', sql`username <> '' and username not like '%:%'`)
    // A password is never kept: here the database itself refuses what is not in the PHC string format.
    .addCheckConstraint('basic_credentials_hashed', sql`password_hash like '$_%$_%'`)
    .modifyEnd(tableEnd)
    .execute()
}

async function runTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'deployment_probes', {
    organization: name,
    deployment: name,
    checked_at: integer,
    results_json: text,
    alarm: integer,
  })
    .addPrimaryKeyConstraint('deployment_probes_pkey', ['organization', 'deployment'])
    .addForeignKeyConstraint('deployment_probes_deployment', ['organization', 'deployment'], 'deployments', [
      'organization',
      'id',
    ])
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'schedule_runs',
    {
      organization: name,
      environment: name,
      pipeline: name,
      major: integer,
      due_at: integer,
      started_at: integer,
    },
    { finished_at: integer, outcome: text },
  )
    .addPrimaryKeyConstraint('schedule_runs_pkey', [
      'organization',
      'environment',
      'pipeline',
      'major',
      'due_at',
    ])
    // Runs are taken without the writers' turn, also while somebody removes what they belong to. Only the database
    // itself can then take along what came between two statements of that writer.
    .addForeignKeyConstraint(
      'schedule_runs_environment',
      ENVIRONMENT,
      'environments',
      ENVIRONMENTS_KEY,
      (constraint) => constraint.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'schedule_runs_pipeline',
      ['organization', 'pipeline'],
      'pipelines',
      ['organization', 'name'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .addCheckConstraint('schedule_runs_outcome', sql`(finished_at is null) = (outcome is null)`)
    .modifyEnd(tableEnd)
    .execute()
}

/** For the lists in their order, and for what points at a thing that is about to be removed. */
const INDEXES: readonly (readonly [name: string, table: string, columns: readonly string[]])[] = [
  ['signing_keys_created', 'signing_keys', ['organization', 'environment', 'created_at', 'id']],
  ['issuers_created', 'issuers', ['organization', 'environment', 'created_at', 'id']],
  ['environment_secrets_created', 'environment_secrets', ['organization', 'environment', 'created_at', 'id']],
  ['basic_credentials_of_consumer', 'basic_credentials', ['organization', 'consumer', 'created_at', 'id']],
  ['schedule_runs_due', 'schedule_runs', ['organization', 'environment', 'pipeline', 'due_at', 'major']],
  ['schedule_runs_of_pipeline', 'schedule_runs', ['organization', 'pipeline']],
  ['schedule_runs_age', 'schedule_runs', ['due_at']],
  ['deployments_ended', 'deployments', ['organization', 'environment', 'pipeline', 'major', 'ended_at']],
]

export const governance: Migration = {
  number: 2,
  name: 'governance',
  async up(db, types) {
    await environmentTables(db, types)
    await credentialTables(db, types)
    await runTables(db, types)
    for (const [name, on, columns] of INDEXES) {
      await db.schema
        .createIndex(name)
        .on(on)
        .columns([...columns])
        .execute()
    }
    // One key of an environment signs; those before it only verify, until their time is over.
    await sql`
      create unique index signing_keys_signing on signing_keys (organization, environment)
      where verifies_until is null
    `.execute(db)
  },
}
