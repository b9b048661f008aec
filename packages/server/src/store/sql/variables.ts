import { type EnvironmentVariableRecord, Problem } from '@sallyport/core'
import { requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type {
  EnvironmentVariableReader,
  EnvironmentVariableRow,
  EnvironmentVariableWriter,
} from '../port/environments/variables.ts'

declare module '../database/schema.ts' {
  interface Schema {
    environment_variables: EnvironmentVariablesTable
  }
}

interface EnvironmentVariablesTable {
  organization: string
  id: string
  environment: string
  name: string
  value: string
  created_at: number
  updated_at: number
  updated_by: string
}

export const VARIABLES_CONSTRAINTS: UniqueConstraints = {
  environment_variables_name: {
    table: 'environment_variables',
    columns: ['organization', 'environment', 'name'],
    detail:
      'The environment already has a variable with this name. Replace its value, or choose another name.',
  },
}

export const VARIABLES_FEED = entityFeed({
  kind: 'environment-variable',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db.selectFrom('environment_variables').select(['organization', 'environment', 'id', 'name', 'value']),
  record: (row): EnvironmentVariableRecord => ({
    kind: 'environment-variable',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    name: row.name,
    value: row.value,
  }),
})

function variableRow(row: EnvironmentVariablesTable): EnvironmentVariableRow {
  return {
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    name: row.name,
    value: row.value,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    updatedBy: row.updated_by,
  }
}

export function environmentVariableReader(db: Database): EnvironmentVariableReader {
  function variables(organization: string, environment: string) {
    return db
      .selectFrom('environment_variables')
      .where('organization', '=', organization)
      .where('environment', '=', environment)
  }

  return {
    async get(organization, environment, name) {
      const row = await variables(organization, environment)
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst()
      return row && variableRow(row)
    },

    async list(organization, environment, page) {
      const query = variables(organization, environment).selectAll()
      return await createdPage(query, page, 'id', (rows) => rows.map(variableRow))
    },

    async all(organization, environment) {
      const rows = await variables(organization, environment).selectAll().orderBy('name').execute()
      return rows.map(variableRow)
    },
  }
}

export function environmentVariableWriter(db: Database, staged: StagedChange): EnvironmentVariableWriter {
  return {
    ...environmentVariableReader(db),

    async insert(row) {
      await db
        .insertInto('environment_variables')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          name: row.name,
          value: row.value,
          created_at: row.createdAtMs,
          updated_at: row.updatedAtMs,
          updated_by: row.updatedBy,
        })
        .execute()
      staged.upsert(VARIABLES_FEED, row.organization, row.id)
    },

    async update(row) {
      requireUpdated(
        await db
          .updateTable('environment_variables')
          .set({ value: row.value, updated_at: row.updatedAtMs, updated_by: row.updatedBy })
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      staged.upsert(VARIABLES_FEED, row.organization, row.id)
    },

    async remove(organization, environment, name) {
      const deleted = await db
        .deleteFrom('environment_variables')
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst()
      if (deleted === undefined) throw new Problem('not_found')
      staged.remove(VARIABLES_FEED, organization, deleted.id)
    },
  }
}
