import { Problem } from '@sallyport/core'
import type {
  EnvironmentSecretReader,
  EnvironmentSecretRow,
  EnvironmentSecretWriter,
} from '../port/secrets.ts'
import type { Database, EnvironmentSecretTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import { mustTouch } from '../database/affected-rows.ts'

function secretRow(row: EnvironmentSecretTable): EnvironmentSecretRow {
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
      staged.touch('environment-secret', row.organization, row.id)
    },

    async update(row) {
      mustTouch(
        await db
          .updateTable('environment_secrets')
          .set({ sealed_value: row.sealedValue, updated_at: row.updatedAtMs, updated_by: row.updatedBy })
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      staged.touch('environment-secret', row.organization, row.id)
    },

    async remove(organization, environment, name) {
      const gone = await db
        .deleteFrom('environment_secrets')
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst()
      if (gone === undefined) throw new Problem('not_found')
      staged.remove('environment-secret', organization, gone.id)
    },
  }
}
