import {
  deploymentFacts,
  type DeploymentRecord,
  type DeploymentRoutes,
  type PipelineSpec,
  type PolicySubject,
} from '@sallyport/core'
import { requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import { toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type {
  DeploymentReader,
  DeploymentRow,
  DeploymentWriter,
  LiveDeployment,
  LiveRoutes,
} from '../port/deployments.ts'
import { claimants, deleteClaims, insertClaims } from './live-claims.ts'
import { countUse } from './quota-usage.ts'

declare module '../database/schema.ts' {
  interface Schema {
    deployments: DeploymentsTable
    live_deployments: LiveDeploymentsTable
  }
}

interface DeploymentsTable {
  organization: string
  id: string
  environment: string
  pipeline: string
  project: string
  major: number
  minor: number
  spec_json: string
  created_at: number
  created_by: string
  ended_at: number | null
  ended_by: string | null
  replaced_by: string | null
}

/**
 * One row for each live deployment, without its spec. `routes_json` is the last column, so that SQLite reads the others
 * without it.
 */
interface LiveDeploymentsTable {
  organization: string
  id: string
  environment: string
  pipeline: string
  major: number
  minor: number
  created_at: number
  routes: number
  subject_json: string
  routes_json: string
}

const SUBJECT_COLUMNS = [
  'organization',
  'environment',
  'id',
  'pipeline',
  'major',
  'minor',
  'created_at',
  'subject_json',
] as const

export const DEPLOYMENTS_CONSTRAINTS: UniqueConstraints = {
  deployments_live: {
    table: 'deployments',
    columns: ['organization', 'environment', 'pipeline', 'major'],
    detail:
      'The environment already has a live deployment of this pipeline and major. ' +
      'Read the deployments again, then repeat the request.',
  },
}

/** Live deployments only: gateways do not receive ended ones. */
export const DEPLOYMENTS_FEED = entityFeed({
  kind: 'deployment',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db
      .selectFrom('deployments')
      .select(['organization', 'environment', 'id', 'pipeline', 'project', 'major', 'minor', 'spec_json'])
      .where('ended_at', 'is', null),
  record: (row): DeploymentRecord => ({
    kind: 'deployment',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    pipeline: row.pipeline,
    project: row.project,
    version: `${row.major}.${row.minor}`,
    spec: JSON.parse(row.spec_json) as PipelineSpec,
  }),
})

function deploymentRow(row: DeploymentsTable): DeploymentRow {
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

function liveDeployment(row: Pick<LiveDeploymentsTable, (typeof SUBJECT_COLUMNS)[number]>): LiveDeployment {
  return {
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    pipeline: row.pipeline,
    major: row.major,
    minor: row.minor,
    subject: JSON.parse(row.subject_json) as PolicySubject,
  }
}

function liveRoutes(
  row: Pick<LiveDeploymentsTable, (typeof SUBJECT_COLUMNS)[number] | 'routes_json'>,
): LiveRoutes {
  return { ...liveDeployment(row), routes: JSON.parse(row.routes_json) as DeploymentRoutes }
}

/** The row of `live_deployments` for a live deployment. */
function liveDeploymentRow(row: DeploymentRow): LiveDeploymentsTable {
  const { subject, routes } = deploymentFacts(row.spec)
  return {
    organization: row.organization,
    id: row.id,
    environment: row.environment,
    pipeline: row.pipeline,
    major: row.major,
    minor: row.minor,
    created_at: row.createdAtMs,
    routes: routes.paths.length,
    subject_json: toJson(subject),
    routes_json: toJson(routes),
  }
}

export function deploymentReader(db: Database): DeploymentReader {
  function all(organization: string) {
    return db.selectFrom('deployments').selectAll().where('organization', '=', organization)
  }

  function live(organization: string) {
    return all(organization).where('ended_at', 'is', null)
  }

  function subjects(organization: string, environment: string) {
    return db
      .selectFrom('live_deployments')
      .select(SUBJECT_COLUMNS)
      .where('organization', '=', organization)
      .where('environment', '=', environment)
  }

  function routes(organization: string, environment: string) {
    return subjects(organization, environment).select('routes_json').orderBy('created_at').orderBy('id')
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
      return await createdPage(query, page, 'id', (rows) => rows.map(deploymentRow), {
        environment: 'environment',
        project: 'project',
        pipeline: 'pipeline',
      })
    },

    async allLive(organization, environment) {
      const rows = await live(organization)
        .where('environment', '=', environment)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(deploymentRow)
    },

    async liveSubjects(organization, environment) {
      const rows = await subjects(organization, environment).orderBy('created_at').orderBy('id').execute()
      return rows.map(liveDeployment)
    },

    async listSubjects(organization, environment, page) {
      const query = subjects(organization, environment)
      return await createdPage(query, page, 'id', (rows) => rows.map(liveDeployment))
    },

    async liveRoutes(organization, environment) {
      const rows = await routes(organization, environment).execute()
      return rows.map(liveRoutes)
    },

    async related(organization, environment, { pipeline, major, claims }) {
      const rows = await routes(organization, environment)
        .where((eb) => {
          const isReplaced = eb.and([eb('pipeline', '=', pipeline), eb('major', '=', major)])
          if (claims.length === 0) return isReplaced
          return eb.or([isReplaced, eb('id', 'in', claimants(db, organization, environment, claims))])
        })
        .execute()
      return rows.map(liveRoutes)
    },

    async countLive(organization, environment) {
      const row = await db
        .selectFrom('live_deployments')
        .select((eb) => eb.fn.countAll<number>().as('deployments'))
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .executeTakeFirstOrThrow()
      return row.deployments
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
      // The deployment that this one replaced, else the last one that was taken down before this one started.
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
      if (row.endedAtMs !== null) return
      const live = liveDeploymentRow(row)
      await db.insertInto('live_deployments').values(live).execute()
      await insertClaims(db, { ...row, ...deploymentFacts(row.spec) })
      await countUse(db, row.organization, { deployments: 1, routes: live.routes })
      staged.upsert(DEPLOYMENTS_FEED, row.organization, row.id)
    },

    async end(organization, id, { endedAtMs, endedBy, replacedBy }) {
      requireUpdated(
        await db
          .updateTable('deployments')
          .set({ ended_at: endedAtMs, ended_by: endedBy, replaced_by: replacedBy })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .executeTakeFirst(),
      )
      await deleteClaims(db, organization, id)
      const live = await db
        .deleteFrom('live_deployments')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .returning('routes')
        .executeTakeFirst()
      await countUse(db, organization, { deployments: -1, routes: -(live?.routes ?? 0) })
      staged.remove(DEPLOYMENTS_FEED, organization, id)
    },
  }
}

/**
 * Deletes the deployments of an environment or a pipeline with their probes, so that it can be removed. They have all
 * ended, so gateways no longer have them.
 */
export async function deleteEndedDeployments(
  db: Database,
  organization: string,
  column: 'environment' | 'pipeline',
  value: string,
): Promise<void> {
  await db
    .deleteFrom('deployment_probes')
    .where('organization', '=', organization)
    .where('deployment', 'in', (eb) =>
      eb
        .selectFrom('deployments')
        .select('id')
        .where('organization', '=', organization)
        .where(column, '=', value),
    )
    .execute()
  await db
    .deleteFrom('deployments')
    .where('organization', '=', organization)
    .where(column, '=', value)
    .execute()
}
