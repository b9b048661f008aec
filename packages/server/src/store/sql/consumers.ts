import { type ConsumerRecord, planId, Problem } from '@sallyport/core'
import { sql } from 'kysely'
import { requireDeleted, requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import { labelsFromJson, labelsToJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import { entityFeedWithChildren } from '../feed/entity-feed.ts'
import { columns, line, type Lines, unlessUsual } from '../feed/lines.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { ConsumerReader, ConsumerRow, ConsumerWriter } from '../port/consumers.ts'
import { associate, associationsOf, dissociate, loadAssociations } from './consumers/associations.ts'
import { addConsumerLabels, labelledConsumers, removeConsumerLabels } from './consumers/labels.ts'
import { detachDeletedKeys } from './deleted-keys.ts'
import { countUse } from './quota-usage.ts'

declare module '../database/schema.ts' {
  interface Schema {
    consumers: ConsumersTable
  }
}

interface ConsumersTable {
  organization: string
  id: string
  environment: string
  name: string
  title: string | null
  description: string | null
  active: number
  created_at: number
  created_by: string
  /** Null for none. */
  labels_json: string | null
  /** The name of a plan of the environment. */
  plan: string | null
}

export const CONSUMERS_CONSTRAINTS: UniqueConstraints = {
  consumers_name: {
    table: 'consumers',
    columns: ['organization', 'environment', 'name'],
    detail: 'The environment already has a consumer with this name. Choose another name.',
  },
}

/** What most consumers have in common. */
const IS_USUAL = sql<boolean>`active = 1 and labels_json is null and plan is null`

const LINE = line(
  ...columns('organization', 'id', 'name', 'environment'),
  unlessUsual(IS_USUAL, ...columns('active', 'labels_json', 'plan')),
)

export const CONSUMERS_FEED = entityFeedWithChildren({
  kind: 'consumer',
  keyColumns: ['organization', 'id'],
  select: (db) => db.selectFrom('consumers').select(LINE.as('line')),
  read: readConsumer,
  children: loadAssociations,
  record: (row, { pipelines, projects }): ConsumerRecord => ({
    kind: 'consumer',
    organization: row.organization,
    id: row.id,
    name: row.name,
    environment: row.environment,
    active: row.active === 1,
    pipelines,
    ...(projects.length === 0 ? {} : { projects }),
    ...(row.labels_json === null ? {} : { labels: labelsFromJson(row.labels_json) }),
    ...(row.plan === null ? {} : { plan: planId(row.environment, row.plan) }),
  }),
})

type ConsumerFeedColumns = Pick<
  ConsumersTable,
  'organization' | 'id' | 'name' | 'environment' | 'active' | 'labels_json' | 'plan'
>

function readConsumer(lines: Lines): ConsumerFeedColumns {
  const organization = lines.field()
  const id = lines.field()
  const name = lines.field()
  const environment = lines.field()
  const isUsual = lines.skipUsual()
  return {
    organization,
    id,
    name,
    environment,
    active: isUsual ? 1 : lines.number(),
    labels_json: isUsual ? null : lines.fieldOrNull(),
    plan: isUsual ? null : lines.fieldOrNull(),
  }
}

/** Adds the associations to rows of one organization. */
async function withAssociations(
  db: Database,
  organization: string,
  rows: readonly ConsumersTable[],
): Promise<readonly ConsumerRow[]> {
  const ids = rows.map((row) => row.id)
  const associations = await associationsOf(db, organization, ids)
  return rows.map((row) => ({
    organization: row.organization,
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    environment: row.environment,
    active: row.active === 1,
    ...associations(row.id),
    labels: labelsFromJson(row.labels_json),
    plan: row.plan,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }))
}

export function consumerReader(db: Database): ConsumerReader {
  function consumers(organization: string) {
    return db.selectFrom('consumers').selectAll().where('organization', '=', organization)
  }

  return {
    async get(organization, id) {
      const rows = await consumers(organization).where('id', '=', id).execute()
      return (await withAssociations(db, organization, rows))[0]
    },

    async getByName(organization, environment, name) {
      const rows = await consumers(organization)
        .where('environment', '=', environment)
        .where(sql`lower(name)`, '=', name.toLowerCase())
        .execute()
      // Earlier versions allowed names that differ only in case.
      const [first, ...others] = rows
      const found = others.find((row) => row.name === name) ?? first
      return (await withAssociations(db, organization, found === undefined ? [] : [found]))[0]
    },

    async matching(organization, { ids, names, environments }) {
      const facts = db
        .selectFrom('consumers')
        .select(['id', 'name', 'environment'])
        .where('organization', '=', organization)
      const byId = ids.length === 0 ? [] : await facts.where('id', 'in', ids).execute()
      if (names.length === 0 || environments.length === 0) return byId
      const named = facts.where('environment', 'in', environments).where('name', 'in', names)
      return [...byId, ...(await named.execute())]
    },

    async list(organization, page, filter = {}) {
      let query = consumers(organization)
      if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment)
      if (filter.plan !== undefined) query = query.where('plan', '=', filter.plan)
      for (const label of filter.labels ?? [])
        query = query.where('id', 'in', labelledConsumers(db, organization, label))
      return await createdPage(query, page, 'id', (rows) => withAssociations(db, organization, rows), {
        environment: 'environment',
      })
    },
  }
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
          title: row.title,
          description: row.description,
          active: row.active ? 1 : 0,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          labels_json: labelsToJson(row.labels),
          plan: row.plan,
        })
        .execute()
      await associate(db, row)
      await addConsumerLabels(db, row)
      await countUse(db, row.organization, { consumers: 1 })
      staged.upsert(CONSUMERS_FEED, row.organization, row.id)
    },

    async update(row) {
      requireUpdated(
        await db
          .updateTable('consumers')
          .set({
            title: row.title,
            description: row.description,
            active: row.active ? 1 : 0,
            labels_json: labelsToJson(row.labels),
            plan: row.plan,
          })
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      await dissociate(db, row.organization, row.id)
      await associate(db, row)
      await removeConsumerLabels(db, row.organization, row.id)
      await addConsumerLabels(db, row)
      staged.upsert(CONSUMERS_FEED, row.organization, row.id)
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
          detail: 'The consumer still has keys or Basic credentials. Delete them first.',
        })
      }
      await detachDeletedKeys(db, staged, organization, 'consumer', id)
      await dissociate(db, organization, id)
      await removeConsumerLabels(db, organization, id)
      requireDeleted(
        await db
          .deleteFrom('consumers')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      await countUse(db, organization, { consumers: -1 })
      staged.remove(CONSUMERS_FEED, organization, id)
    },
  }
}
