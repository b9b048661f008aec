import { requireDeleted, requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import type { Database } from '../database/schema.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { ProjectReader, ProjectRow, ProjectWriter } from '../port/projects.ts'
import { CONSUMERS_FEED } from './consumers.ts'

declare module '../database/schema.ts' {
  interface Schema {
    projects: ProjectsTable
  }
}

interface ProjectsTable {
  organization: string
  name: string
  description: string | null
  created_at: number
}

export const PROJECTS_CONSTRAINTS: UniqueConstraints = {
  projects_pkey: {
    table: 'projects',
    columns: ['organization', 'name'],
    detail: 'The organization already has a project with this name. Choose another name.',
  },
}

function projectRow(row: ProjectsTable): ProjectRow {
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
      return await createdPage(query, page, 'name', (rows) => rows.map(projectRow), { project: 'name' })
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

/** Removes the project from the consumers that may call its pipelines, and stages those consumers. */
async function dissociate(
  db: Database,
  staged: StagedChange,
  organization: string,
  project: string,
): Promise<void> {
  const associated = await db
    .selectFrom('consumer_projects')
    .select('consumer')
    .where('organization', '=', organization)
    .where('project', '=', project)
    .orderBy('consumer')
    .execute()
  await db
    .deleteFrom('consumer_projects')
    .where('organization', '=', organization)
    .where('project', '=', project)
    .execute()
  for (const { consumer } of associated) staged.upsert(CONSUMERS_FEED, organization, consumer)
}

/** Gateways know a project only by its name in the records of deployments and consumers, so it is never staged itself. */
export function projectWriter(db: Database, staged: StagedChange): ProjectWriter {
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
      requireUpdated(
        await db
          .updateTable('projects')
          .set({ description })
          .where('organization', '=', organization)
          .where('name', '=', name)
          .executeTakeFirst(),
      )
    },

    async remove(organization, name) {
      await dissociate(db, staged, organization, name)
      requireDeleted(
        await db
          .deleteFrom('projects')
          .where('organization', '=', organization)
          .where('name', '=', name)
          .executeTakeFirst(),
      )
    },
  }
}
