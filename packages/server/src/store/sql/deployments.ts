import type { DeploymentRecord, PipelineSpec } from '@sallyport/core'
import { sql } from 'kysely'
import { requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import { encodeCursor } from '../database/cursors.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { DeploymentReader, DeploymentRow, DeploymentWriter } from '../port/deployments.ts'
import type { Page, PageRequest } from '../port/pages/paging.ts'
import { type DeploymentColumns, deploymentColumns, deploymentRow } from './history/deployment-rows.ts'
import { keptDeployment, listKeptDeployments } from './history/removed-pipelines.ts'
import { deleteLiveDeployment, insertLiveDeployment, liveDeploymentReader } from './live/live-deployments.ts'
import { countUse } from './quota-usage.ts'

/** How many ended deployments of one pipeline, major and environment are kept. */
const ENDED_DEPLOYMENTS_KEPT = 200
/** How many are deleted at a time. */
const FORGOTTEN_MAX = 100

declare module '../database/schema.ts' {
  interface Schema {
    deployments: DeploymentColumns
  }
}

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

const rowOf = (row: DeploymentColumns): DeploymentRow => deploymentRow(row, null)

export function deploymentReader(db: Database): DeploymentReader {
  function all(organization: string) {
    return db.selectFrom('deployments').selectAll().where('organization', '=', organization)
  }

  function live(organization: string) {
    return all(organization).where('ended_at', 'is', null)
  }

  return {
    ...liveDeploymentReader(db),

    async get(organization, id) {
      const row = await all(organization).where('id', '=', id).executeTakeFirst()
      return row === undefined ? await keptDeployment(db, organization, id) : rowOf(row)
    },

    async list(organization, page, filter = {}) {
      let query = all(organization)
      const { state = 'live' } = filter
      if (state === 'live') query = query.where('ended_at', 'is', null)
      if (state === 'ended') query = query.where('ended_at', 'is not', null)
      if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment)
      if (filter.pipeline !== undefined) query = query.where('pipeline', '=', filter.pipeline)
      const existing = await createdPage(query, page, 'id', (rows) => rows.map(rowOf), {
        environment: 'environment',
        project: 'project',
        pipeline: 'pipeline',
      })
      if (state === 'live') return existing
      // Read last: what a removal moves between the two is then in both, and not in neither.
      return merged(page, existing, await listKeptDeployments(db, organization, page, filter))
    },

    async allLive(organization, environment) {
      const rows = await live(organization)
        .where('environment', '=', environment)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(rowOf)
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
      return before && rowOf(before)
    },
  }
}

/** The first page of two lists of deployments in order of creation, from a page of each. A deployment can be in both. */
function merged(
  { limit }: PageRequest,
  existing: Page<DeploymentRow>,
  removed: Page<DeploymentRow>,
): Page<DeploymentRow> {
  const ids = new Set(removed.items.map(({ id }) => id))
  const rows = [...existing.items.filter(({ id }) => !ids.has(id)), ...removed.items].toSorted(
    (one, other) => one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1),
  )
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const isLast = rows.length <= limit && existing.next === null && removed.next === null
  return { items, next: isLast || last === undefined ? null : encodeCursor([last.createdAtMs, last.id]) }
}

export function deploymentWriter(db: Database, staged: StagedChange): DeploymentWriter {
  return {
    ...deploymentReader(db),

    async insert(row) {
      await db.insertInto('deployments').values(deploymentColumns(row)).execute()
      if (row.endedAtMs !== null) return
      const routes = await insertLiveDeployment(db, row)
      await countUse(db, row.organization, { deployments: 1, routes })
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
      const routes = await deleteLiveDeployment(db, organization, id)
      await countUse(db, organization, { deployments: -1, routes: -routes })
      await forgetOldest(db, organization, id)
      staged.remove(DEPLOYMENTS_FEED, organization, id)
    },
  }
}

/**
 * Deletes the oldest ended deployments of a deployment's pipeline and major in its environment, beyond those that are kept:
 * each has a copy of its spec.
 */
async function forgetOldest(db: Database, organization: string, id: string): Promise<void> {
  const { environment, pipeline, major } = await db
    .selectFrom('deployments')
    .select(['environment', 'pipeline', 'major'])
    .where('organization', '=', organization)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const oldest = await db
    .selectFrom('deployments')
    .select('id')
    .where('organization', '=', organization)
    .where('environment', '=', environment)
    .where('pipeline', '=', pipeline)
    .where('major', '=', major)
    .where('ended_at', 'is not', null)
    .orderBy('ended_at', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    // A database of an earlier release can have many more, which then go little by little.
    .limit(FORGOTTEN_MAX)
    .offset(ENDED_DEPLOYMENTS_KEPT)
    .execute()
  if (oldest.length === 0) return
  const ids = oldest.map((row) => row.id)
  for (const [table, column] of [
    ['deployment_probes', 'deployment'],
    ['deployments', 'id'],
  ] as const) {
    await db
      .deleteFrom(table)
      .where('organization', '=', organization)
      .where(sql.ref(column), 'in', ids)
      .execute()
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
