import { deploymentFacts, type DeploymentRoutes, type PolicySubject } from '@sallyport/core'
import { createdPage } from '../database/created-page.ts'
import { toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import type { DeploymentReader, DeploymentRow, LiveDeployment, LiveRoutes } from '../port/deployments.ts'
import { claimants, deleteClaims, insertClaims } from './live-claims.ts'

declare module '../database/schema.ts' {
  interface Schema {
    live_deployments: LiveDeploymentsTable
  }
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

/** What the gate and policies read of live deployments. Reads no spec. */
export function liveDeploymentReader(
  db: Database,
): Pick<DeploymentReader, 'liveSubjects' | 'listSubjects' | 'liveRoutes' | 'related' | 'countLive'> {
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
  }
}

/** @returns the number of its routes */
export async function insertLiveDeployment(db: Database, row: DeploymentRow): Promise<number> {
  const live = liveDeploymentRow(row)
  await db.insertInto('live_deployments').values(live).execute()
  await insertClaims(db, { ...row, ...deploymentFacts(row.spec) })
  return live.routes
}

/** @returns the number of its routes */
export async function deleteLiveDeployment(db: Database, organization: string, id: string): Promise<number> {
  await deleteClaims(db, organization, id)
  const live = await db
    .deleteFrom('live_deployments')
    .where('organization', '=', organization)
    .where('id', '=', id)
    .returning('routes')
    .executeTakeFirst()
  return live?.routes ?? 0
}
