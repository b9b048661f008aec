import { Problem } from '@sallyport/core'
import type { ProjectReader, ProjectRow, ProjectWriter } from '../port/projects.ts'
import type { Database, ProjectTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import { mustTouch } from '../database/affected-rows.ts'

function projectRow(row: ProjectTable): ProjectRow {
  return {
    organization: row.organization,
    name: row.name,
    description: row.description,
    createdAtMs: row.created_at,
  }
}

export function projectReader(db: Database): ProjectReader {
  return {
    async get(organization, name) {
      const row = await db
        .selectFrom('projects')
        .selectAll()
        .where('organization', '=', organization)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && projectRow(row)
    },

    async list(organization, page) {
      const query = db.selectFrom('projects').selectAll().where('organization', '=', organization)
      return await createdPage(query, page, 'name', (rows) => rows.map(projectRow))
    },

    async countPipelines(organization, name) {
      const row = await db
        .selectFrom('pipelines')
        .select((eb) => eb.fn.countAll<number>().as('pipelines'))
        .where('organization', '=', organization)
        .where('project', '=', name)
        .executeTakeFirstOrThrow()
      return row.pipelines
    },
  }
}

/** Gateways know a project only as a name on a deployment, so nothing here is told to them. */
export function projectWriter(db: Database): ProjectWriter {
  return {
    ...projectReader(db),

    async insert(row) {
      await db
        .insertInto('projects')
        .values({
          organization: row.organization,
          name: row.name,
          description: row.description,
          created_at: row.createdAtMs,
        })
        .execute()
    },

    async describe(organization, name, description) {
      mustTouch(
        await db
          .updateTable('projects')
          .set({ description })
          .where('organization', '=', organization)
          .where('name', '=', name)
          .executeTakeFirst(),
      )
    },

    async remove(organization, name) {
      const result = await db
        .deleteFrom('projects')
        .where('organization', '=', organization)
        .where('name', '=', name)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) throw new Problem('not_found')
    },
  }
}
