import type { PipelineSpec } from '@sallyport/core'
import { toJson } from '../database/json-columns.ts'
import type { DeploymentReader, DeploymentRow, DeploymentWriter } from '../port/deployments.ts'
import type { Database, DeploymentTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import { mustTouch } from '../database/affected-rows.ts'

function deploymentRow(row: DeploymentTable): DeploymentRow {
  return {
    organization: row.organization,
    id: row.id,
    environment: row.environment,
    pipeline: row.pipeline,
    project: row.project,
    major: row.major,
    minor: row.minor,
    spec: JSON.parse(row.spec_json) as PipelineSpec,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    endedAtMs: row.ended_at,
    endedBy: row.ended_by,
    replacedBy: row.replaced_by,
  }
}

export function deploymentReader(db: Database): DeploymentReader {
  function all(organization: string) {
    return db.selectFrom('deployments').selectAll().where('organization', '=', organization)
  }

  function live(organization: string) {
    return all(organization).where('ended_at', 'is', null)
  }

  return {
    async get(organization, id) {
      const row = await all(organization).where('id', '=', id).executeTakeFirst()
      return row && deploymentRow(row)
    },

    async list(organization, page, filter = {}) {
      let query = all(organization)
      const { state = 'live' } = filter
      if (state === 'live') query = query.where('ended_at', 'is', null)
      if (state === 'ended') query = query.where('ended_at', 'is not', null)
      if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment)
      if (filter.pipeline !== undefined) query = query.where('pipeline', '=', filter.pipeline)
      return await createdPage(query, page, 'id', (rows) => rows.map(deploymentRow))
    },

    async allLive(organization, environment) {
      const rows = await live(organization)
        .where('environment', '=', environment)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(deploymentRow)
    },

    async countLiveOfPipeline(organization, pipeline) {
      const row = await db
        .selectFrom('deployments')
        .select((eb) => eb.fn.countAll<number>().as('deployments'))
        .where('organization', '=', organization)
        .where('pipeline', '=', pipeline)
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow()
      return row.deployments
    },

    async previous(row) {
      // The one whose place this one took, else the last that was taken down before this one began.
      const before = await all(row.organization)
        .where('environment', '=', row.environment)
        .where('pipeline', '=', row.pipeline)
        .where('major', '=', row.major)
        .where('ended_at', '<=', row.createdAtMs)
        .where('id', '<>', row.id)
        .orderBy((eb) => eb.case().when('replaced_by', '=', row.id).then(0).else(1).end())
        .orderBy('ended_at', 'desc')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return before && deploymentRow(before)
    },
  }
}

export function deploymentWriter(db: Database, staged: StagedChange): DeploymentWriter {
  return {
    ...deploymentReader(db),

    async insert(row) {
      await db
        .insertInto('deployments')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          pipeline: row.pipeline,
          project: row.project,
          major: row.major,
          minor: row.minor,
          spec_json: toJson(row.spec),
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          ended_at: row.endedAtMs,
          ended_by: row.endedBy,
          replaced_by: row.replacedBy,
        })
        .execute()
      if (row.endedAtMs === null) staged.touch('deployment', row.organization, row.id)
    },

    async end(organization, id, { endedAtMs, endedBy, replacedBy }) {
      mustTouch(
        await db
          .updateTable('deployments')
          .set({ ended_at: endedAtMs, ended_by: endedBy, replaced_by: replacedBy })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .executeTakeFirst(),
      )
      staged.remove('deployment', organization, id)
    },
  }
}
