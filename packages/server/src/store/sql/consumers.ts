import { Problem } from '@sallyport/core'
import type { ConsumerReader, ConsumerRow, ConsumerWriter } from '../port/consumers.ts'
import type { Database, ConsumerTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import { freeTombstones } from './tombstones.ts'
import { mustTouch } from '../database/affected-rows.ts'

function consumerRow(row: ConsumerTable, pipelines: readonly string[]): ConsumerRow {
  return {
    organization: row.organization,
    id: row.id,
    name: row.name,
    description: row.description,
    environment: row.environment,
    active: row.active === 1,
    pipelines,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

/** The rows with their pipelines, all of one organization. */
async function withPipelines(
  db: Database,
  organization: string,
  rows: readonly ConsumerTable[],
): Promise<readonly ConsumerRow[]> {
  if (rows.length === 0) return []
  const associations = await db
    .selectFrom('consumer_pipelines')
    .select(['consumer', 'pipeline'])
    .where('organization', '=', organization)
    .where(
      'consumer',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('pipeline')
    .execute()
  const byConsumer = Map.groupBy(associations, ({ consumer }) => consumer)
  return rows.map((row) =>
    consumerRow(
      row,
      (byConsumer.get(row.id) ?? []).map(({ pipeline }) => pipeline),
    ),
  )
}

export function consumerReader(db: Database): ConsumerReader {
  function consumers(organization: string) {
    return db.selectFrom('consumers').selectAll().where('organization', '=', organization)
  }

  return {
    async get(organization, id) {
      const rows = await consumers(organization).where('id', '=', id).execute()
      return (await withPipelines(db, organization, rows))[0]
    },

    async getByName(organization, environment, name) {
      const rows = await consumers(organization)
        .where('environment', '=', environment)
        .where('name', '=', name)
        .execute()
      return (await withPipelines(db, organization, rows))[0]
    },

    async list(organization, page, filter = {}) {
      let query = consumers(organization)
      if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment)
      return await createdPage(query, page, 'id', (rows) => withPipelines(db, organization, rows))
    },
  }
}

async function associate(db: Database, row: ConsumerRow): Promise<void> {
  const pipelines = [...new Set(row.pipelines)]
  if (pipelines.length === 0) return
  await db
    .insertInto('consumer_pipelines')
    .values(pipelines.map((pipeline) => ({ organization: row.organization, consumer: row.id, pipeline })))
    .execute()
}

async function dissociate(db: Database, organization: string, consumer: string): Promise<void> {
  await db
    .deleteFrom('consumer_pipelines')
    .where('organization', '=', organization)
    .where('consumer', '=', consumer)
    .execute()
}

export function consumerWriter(db: Database, staged: StagedChange): ConsumerWriter {
  return {
    ...consumerReader(db),

    async insert(row) {
      await db
        .insertInto('consumers')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          name: row.name,
          description: row.description,
          active: row.active ? 1 : 0,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      await associate(db, row)
      staged.touch('consumer', row.organization, row.id)
    },

    async update(row) {
      mustTouch(
        await db
          .updateTable('consumers')
          .set({ description: row.description, active: row.active ? 1 : 0 })
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      await dissociate(db, row.organization, row.id)
      await associate(db, row)
      staged.touch('consumer', row.organization, row.id)
    },

    async remove(organization, id) {
      const key = await db
        .selectFrom('keys')
        .select('id')
        .where('organization', '=', organization)
        .where('consumer', '=', id)
        .where('deleted_at', 'is', null)
        .limit(1)
        .executeTakeFirst()
      const credential = await db
        .selectFrom('basic_credentials')
        .select('id')
        .where('organization', '=', organization)
        .where('consumer', '=', id)
        .limit(1)
        .executeTakeFirst()
      if (key ?? credential) {
        throw new Problem('conflict', {
          detail: 'The consumer still has keys or Basic credentials: delete them first.',
        })
      }
      await freeTombstones(db, staged, organization, 'consumer', id)
      await dissociate(db, organization, id)
      const result = await db
        .deleteFrom('consumers')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) throw new Problem('not_found')
      staged.remove('consumer', organization, id)
    },
  }
}
