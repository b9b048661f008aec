import { type PipelineSpec, Problem } from '@sallyport/core'
import { sql } from 'kysely'
import { requireDeleted } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import { pageOf, startAfter } from '../database/cursors.ts'
import { toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { PipelineReader, PipelineRow, PipelineWriter, VersionRow } from '../port/pipelines.ts'
import { CONSUMERS_FEED } from './consumers.ts'
import { deleteEndedDeployments } from './deployments.ts'
import { keepDeployments } from './history/removed-pipelines.ts'
import { countUse } from './quota-usage.ts'

declare module '../database/schema.ts' {
  interface Schema {
    pipelines: PipelinesTable
    pipeline_versions: PipelineVersionsTable
  }
}

interface PipelinesTable {
  organization: string
  name: string
  project: string
  created_at: number
}

interface PipelineVersionsTable {
  organization: string
  pipeline: string
  major: number
  minor: number
  source_json: string
  spec_json: string
  comment: string | null
  created_at: number
  created_by: string
}

export const PIPELINES_CONSTRAINTS: UniqueConstraints = {
  pipelines_pkey: {
    table: 'pipelines',
    columns: ['organization', 'name'],
    detail:
      'The organization already has a pipeline with this name. ' +
      'Save a new version of it, or choose another name.',
  },
  pipeline_versions_pkey: {
    table: 'pipeline_versions',
    columns: ['organization', 'pipeline', 'major', 'minor'],
    detail: 'The pipeline already has this version. Save it again to get the next version number.',
  },
}

function pipelineRow(row: PipelinesTable): PipelineRow {
  return {
    organization: row.organization,
    name: row.name,
    project: row.project,
    createdAtMs: row.created_at,
  }
}

function versionRow(row: PipelineVersionsTable): VersionRow {
  return {
    organization: row.organization,
    pipeline: row.pipeline,
    major: row.major,
    minor: row.minor,
    source: JSON.parse(row.source_json) as unknown,
    spec: JSON.parse(row.spec_json) as PipelineSpec,
    comment: row.comment,
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
      return await createdPage(query, page, 'name', (rows) => rows.map(pipelineRow), {
        project: 'project',
        pipeline: 'name',
      })
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

    async latestVersions(organization, pipelines) {
      if (pipelines.length === 0) return new Map()
      const rows = await db
        .selectFrom('pipelines')
        .select((eb) => [
          'name',
          eb
            .selectFrom('pipeline_versions')
            .select(sql<string>`major || '.' || minor`.as('version'))
            .whereRef('pipeline_versions.organization', '=', 'pipelines.organization')
            .whereRef('pipeline_versions.pipeline', '=', 'pipelines.name')
            .orderBy('major', 'desc')
            .orderBy('minor', 'desc')
            .limit(1)
            .as('version'),
        ])
        .where('organization', '=', organization)
        .where('name', 'in', pipelines)
        .execute()
      return new Map(
        rows.flatMap(({ name, version }) => (version === null ? [] : [[name, version] as const])),
      )
    },

    async listVersions(organization, pipeline, page) {
      const after = startAfter(page, ['number', 'number'])
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

/** Removes the pipeline from the consumers that may call it, and stages those consumers. */
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
  for (const { consumer } of associated) staged.upsert(CONSUMERS_FEED, organization, consumer)
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
      await countUse(db, row.organization, { pipelines: 1 })
    },

    async insertVersion(row) {
      const source = toJson(row.source)
      const spec = toJson(row.spec)
      await db
        .insertInto('pipeline_versions')
        .values({
          organization: row.organization,
          pipeline: row.pipeline,
          major: row.major,
          minor: row.minor,
          source_json: source,
          spec_json: spec,
          comment: row.comment,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      await countUse(db, row.organization, {
        versions: 1,
        versionBytes: Buffer.byteLength(source) + Buffer.byteLength(spec),
      })
    },

    async remove(organization, name, removedAtMs) {
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
          detail: 'The pipeline is still deployed. Take down its deployments first.',
        })
      }
      await dissociate(db, staged, organization, name)
      await keepDeployments(db, organization, name, removedAtMs)
      await deleteEndedDeployments(db, organization, 'pipeline', name)
      const { versions, bytes } = await db
        .selectFrom('pipeline_versions')
        .select((eb) => [
          eb.fn.countAll<number>().as('versions'),
          sql<number>`cast(coalesce(sum(octet_length(source_json) + octet_length(spec_json)), 0) as bigint)`.as(
            'bytes',
          ),
        ])
        .where('organization', '=', organization)
        .where('pipeline', '=', name)
        .executeTakeFirstOrThrow()
      await db
        .deleteFrom('pipeline_versions')
        .where('organization', '=', organization)
        .where('pipeline', '=', name)
        .execute()
      requireDeleted(
        await db
          .deleteFrom('pipelines')
          .where('organization', '=', organization)
          .where('name', '=', name)
          .executeTakeFirst(),
      )
      await countUse(db, organization, { pipelines: -1, versions: -versions, versionBytes: -bytes })
    },
  }
}
