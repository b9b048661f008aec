import {
  deploymentFacts,
  type DeploymentRoutes,
  isRouteClaim,
  type PolicySubject,
  routeCount,
} from '@sallyport/core'
import { createdPage } from '../../database/created-page.ts'
import { toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import type {
  Candidacy,
  DeploymentReader,
  DeploymentRow,
  LiveDeployment,
  LiveRoutes,
  RelatedDeployment,
} from '../../port/deployments.ts'
import { claimants, deleteClaims, insertClaims, someClaimants } from './live-claims.ts'

declare module '../../database/schema.ts' {
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

/**
 * The most live deployments that are read because they share an upstream with a version, and the most characters of their
 * routes: the gate warns about them inside the write transaction, and names five.
 */
const SHARING_MAX = 1_000
const SHARING_CHARS_MAX = 4 * 1024 * 1024
/** As `toJson` writes a trigger's hosts. A path cannot have quotes. */
const HAS_HOSTS = '%"hosts":[%'
/** How many deployments one statement reads by their ids. */
const BATCH = 100

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

type RoutesRow = Pick<LiveDeploymentsTable, (typeof SUBJECT_COLUMNS)[number] | 'routes_json'>
type RelatedRow = RoutesRow & Pick<RelatedDeployment, 'project'>

function byCreation(one: RoutesRow, other: RoutesRow): number {
  return one.created_at - other.created_at || (one.id < other.id ? -1 : 1)
}

function liveRoutes(row: RoutesRow): LiveRoutes {
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
    routes: routeCount(routes),
    subject_json: toJson(subject),
    routes_json: toJson(routes),
  }
}

/** What the gate and policies read of live deployments. Reads no spec. */
export function liveDeploymentReader(
  db: Database,
): Pick<
  DeploymentReader,
  'liveSubjects' | 'listSubjects' | 'liveRoutes' | 'related' | 'atHosts' | 'countLive'
> {
  function subjects(organization: string, environment: string) {
    return db
      .selectFrom('live_deployments')
      .select(SUBJECT_COLUMNS)
      .where('organization', '=', organization)
      .where('environment', '=', environment)
  }

  /** Reads deployments by their ids, until they have too many characters together. */
  async function byIds(
    organization: string,
    ids: readonly string[],
    charsMax: number,
  ): Promise<RelatedRow[]> {
    const rows: RelatedRow[] = []
    let chars = 0
    for (let start = 0; start < ids.length && chars < charsMax; start += BATCH) {
      // Without an order, for which the database would read all deployments of the environment.
      const found = await db
        .selectFrom('live_deployments as live')
        .innerJoin('pipelines', (join) =>
          join
            .onRef('pipelines.organization', '=', 'live.organization')
            .onRef('pipelines.name', '=', 'live.pipeline'),
        )
        .select(SUBJECT_COLUMNS.map((column) => `live.${column}` as const))
        .select(['live.routes_json', 'pipelines.project'])
        .where('live.organization', '=', organization)
        .where('live.id', 'in', ids.slice(start, start + BATCH))
        .execute()
      for (const row of found) chars += row.routes_json.length
      rows.push(...found)
    }
    return rows
  }

  /** The deployment that a version replaces, and those that share a route with it. */
  async function decisiveIds(
    organization: string,
    environment: string,
    { pipeline, major, claims }: Candidacy,
  ): Promise<ReadonlySet<string>> {
    const replaced = await db
      .selectFrom('deployments')
      .select('id')
      .where('organization', '=', organization)
      .where('environment', '=', environment)
      .where('pipeline', '=', pipeline)
      .where('major', '=', major)
      .where('ended_at', 'is', null)
      .execute()
    const routeClaims = claims.filter(isRouteClaim)
    const sharing =
      routeClaims.length === 0 ? [] : await claimants(db, organization, environment, routeClaims).execute()
    return new Set([...replaced.map(({ id }) => id), ...sharing.map(({ deployment }) => deployment)])
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
      const rows = await subjects(organization, environment)
        .select('routes_json')
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(liveRoutes)
    },

    async related(organization, environment, candidacy) {
      const decisive = await decisiveIds(organization, environment, candidacy)
      const upstreams = candidacy.claims.filter((claim) => !isRouteClaim(claim))
      const sharing = await someClaimants(db, organization, environment, upstreams, SHARING_MAX)
      const others = [...sharing].filter((id) => !decisive.has(id))
      const rows = [
        ...(await byIds(organization, [...decisive], Infinity)),
        ...(await byIds(organization, others, SHARING_CHARS_MAX)),
      ]
      return rows.sort(byCreation).map((row) => ({ ...liveRoutes(row), project: row.project }))
    },

    async atHosts(organization, environment, hosts) {
      let query = db
        .selectFrom('live_deployments')
        .select('id')
        .where('organization', '=', organization)
        .where('environment', '=', environment)
      if (hosts === 'own') query = query.where('routes_json', 'like', HAS_HOSTS)
      const ids = await query.orderBy('id').execute()
      const rows = await byIds(
        organization,
        ids.map(({ id }) => id),
        SHARING_CHARS_MAX,
      )
      return rows.map((row) => ({ ...liveRoutes(row), project: row.project }))
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
