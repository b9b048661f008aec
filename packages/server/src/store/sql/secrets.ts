import { type EnvironmentSecretRecord, Problem } from '@sallyport/core'
import { requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type {
  EnvironmentSecretReader,
  EnvironmentSecretRow,
  EnvironmentSecretWriter,
} from '../port/secrets.ts'

declare module '../database/schema.ts' {
  interface Schema {
    environment_secrets: EnvironmentSecretsTable
  }
}

interface EnvironmentSecretsTable {
  organization: string
  id: string
  environment: string
  name: string
  sealed_value: string
  created_at: number
  updated_at: number
  updated_by: string
}

export const SECRETS_CONSTRAINTS: UniqueConstraints = {
  environment_secrets_name: {
    table: 'environment_secrets',
    columns: ['organization', 'environment', 'name'],
    detail: 'The environment already has a secret with this name. Replace its value, or choose another name.',
  },
}

export const SECRETS_FEED = entityFeed({
  kind: 'environment-secret',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db
      .selectFrom('environment_secrets')
      .select(['organization', 'environment', 'id', 'name', 'sealed_value']),
  record: (row): EnvironmentSecretRecord => ({
    kind: 'environment-secret',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    name: row.name,
    sealedValue: row.sealed_value,
  }),
})

function secretRow(row: EnvironmentSecretsTable): EnvironmentSecretRow {
  return {
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    name: row.name,
    sealedValue: row.sealed_value,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    updatedBy: row.updated_by,
  }
}

export function environmentSecretReader(db: Database): EnvironmentSecretReader {
  function secrets(organization: string, environment: string) {
    return db
      .selectFrom('environment_secrets')
      .where('organization', '=', organization)
      .where('environment', '=', environment)
  }

  return {
    async get(organization, environment, name) {
      const row = await secrets(organization, environment)
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst()
      return row && secretRow(row)
    },

    async list(organization, environment, page) {
      const query = secrets(organization, environment).selectAll()
      return await createdPage(query, page, 'id', (rows) => rows.map(secretRow))
    },

    async names(organization, environment) {
      const rows = await secrets(organization, environment).select('name').orderBy('name').execute()
      return rows.map(({ name }) => name)
    },
  }
}

export function environmentSecretWriter(db: Database, staged: StagedChange): EnvironmentSecretWriter {
  return {
    ...environmentSecretReader(db),

    async insert(row) {
      await db
        .insertInto('environment_secrets')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          name: row.name,
          sealed_value: row.sealedValue,
          created_at: row.createdAtMs,
          updated_at: row.updatedAtMs,
          updated_by: row.updatedBy,
        })
        .execute()
      staged.upsert(SECRETS_FEED, row.organization, row.id)
    },

    async update(row) {
      requireUpdated(
        await db
          .updateTable('environment_secrets')
          .set({ sealed_value: row.sealedValue, updated_at: row.updatedAtMs, updated_by: row.updatedBy })
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      staged.upsert(SECRETS_FEED, row.organization, row.id)
    },

    async remove(organization, environment, name) {
      const deleted = await db
        .deleteFrom('environment_secrets')
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst()
      if (deleted === undefined) throw new Problem('not_found')
      staged.remove(SECRETS_FEED, organization, deleted.id)
    },
  }
}
