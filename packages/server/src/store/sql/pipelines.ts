import { type PipelineSpec, Problem } from '@sallyport/core'
import { pageOf, placeAfter } from '../database/cursors.ts'
import { toJson } from '../database/json-columns.ts'
import type { PipelineReader, PipelineRow, PipelineWriter, VersionRow } from '../port/pipelines.ts'
import type { Database, PipelineTable, PipelineVersionTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import { forgetDeployments } from './ended-deployments.ts'
import type { StagedChange } from '../feed/staged-change.ts'

function pipelineRow(row: PipelineTable): PipelineRow {
  return {
    organization: row.organization,
    name: row.name,
    project: row.project,
    createdAtMs: row.created_at,
  }
}

function versionRow(row: PipelineVersionTable): VersionRow {
  return {
    organization: row.organization,
    pipeline: row.pipeline,
    major: row.major,
    minor: row.minor,
    source: JSON.parse(row.source_json) as unknown,
    spec: JSON.parse(row.spec_json) as PipelineSpec,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

export function pipelineReader(db: Database): PipelineReader {
  function versions(organization: string, pipeline: string) {
    return db
      .selectFrom('pipeline_versions')
      .selectAll()
      .where('organization', '=', organization)
      .where('pipeline', '=', pipeline)
  }

  return {
    async get(organization, name) {
      const row = await db
        .selectFrom('pipelines')
        .selectAll()
        .where('organization', '=', organization)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && pipelineRow(row)
    },

    async list(organization, page, filter = {}) {
      let query = db.selectFrom('pipelines').selectAll().where('organization', '=', organization)
      if (filter.project !== undefined) query = query.where('project', '=', filter.project)
      return await createdPage(query, page, 'name', (rows) => rows.map(pipelineRow))
    },

    async version(organization, pipeline, major, minor) {
      const row = await versions(organization, pipeline)
        .where('major', '=', major)
        .where('minor', '=', minor)
        .executeTakeFirst()
      return row && versionRow(row)
    },

    async latestVersion(organization, pipeline, major) {
      let query = versions(organization, pipeline)
      if (major !== undefined) query = query.where('major', '=', major)
      const row = await query.orderBy('major', 'desc').orderBy('minor', 'desc').limit(1).executeTakeFirst()
      return row && versionRow(row)
    },

    async listVersions(organization, pipeline, page) {
      const after = placeAfter(page, ['number', 'number'])
      let query = versions(organization, pipeline)
      if (after !== undefined) {
        query = query.where((eb) => eb(eb.refTuple('major', 'minor'), '>', eb.tuple(...after)))
      }
      const rows = await query
        .orderBy('major')
        .orderBy('minor')
        .limit(page.limit + 1)
        .execute()
      return pageOf(
        rows,
        page.limit,
        (row) => [row.major, row.minor],
        (kept) => kept.map(versionRow),
      )
    },
  }
}

/** Takes the pipeline from every consumer that may call it, and stages those consumers. */
async function dissociate(
  db: Database,
  staged: StagedChange,
  organization: string,
  pipeline: string,
): Promise<void> {
  const associated = await db
    .selectFrom('consumer_pipelines')
    .select('consumer')
    .where('organization', '=', organization)
    .where('pipeline', '=', pipeline)
    .orderBy('consumer')
    .execute()
  await db
    .deleteFrom('consumer_pipelines')
    .where('organization', '=', organization)
    .where('pipeline', '=', pipeline)
    .execute()
  for (const { consumer } of associated) staged.touch('consumer', organization, consumer)
}

export function pipelineWriter(db: Database, staged: StagedChange): PipelineWriter {
  return {
    ...pipelineReader(db),

    async insert(row) {
      await db
        .insertInto('pipelines')
        .values({
          organization: row.organization,
          name: row.name,
          project: row.project,
          created_at: row.createdAtMs,
        })
        .execute()
    },

    async insertVersion(row) {
      await db
        .insertInto('pipeline_versions')
        .values({
          organization: row.organization,
          pipeline: row.pipeline,
          major: row.major,
          minor: row.minor,
          source_json: toJson(row.source),
          spec_json: toJson(row.spec),
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
    },

    async remove(organization, name) {
      const live = await db
        .selectFrom('deployments')
        .select('id')
        .where('organization', '=', organization)
        .where('pipeline', '=', name)
        .where('ended_at', 'is', null)
        .limit(1)
        .executeTakeFirst()
      if (live !== undefined) {
        throw new Problem('conflict', {
          detail: 'The pipeline is deployed: take its deployments down first.',
        })
      }
      await dissociate(db, staged, organization, name)
      await forgetDeployments(db, organization, 'pipeline', name)
      await db
        .deleteFrom('pipeline_versions')
        .where('organization', '=', organization)
        .where('pipeline', '=', name)
        .execute()
      const result = await db
        .deleteFrom('pipelines')
        .where('organization', '=', organization)
        .where('name', '=', name)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) throw new Problem('not_found')
    },
  }
}
