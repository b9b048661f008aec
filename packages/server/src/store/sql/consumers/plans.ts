import { type PlanRecord, Problem } from '@sallyport/core'
import { requireUpdated } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import { createdPage } from '../../database/created-page.ts'
import { planLimitsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import { entityFeed } from '../../feed/entity-feed.ts'
import type { StagedChange } from '../../feed/staged-change.ts'
import type { PlanReader, PlanRow, PlanWriter } from '../../port/consumers/plans.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    plans: PlansTable
  }
}

interface PlansTable {
  organization: string
  id: string
  environment: string
  name: string
  title: string | null
  description: string | null
  rate_limits_json: string
  created_at: number
  created_by: string
}

export const PLANS_CONSTRAINTS: UniqueConstraints = {
  plans_name: {
    table: 'plans',
    columns: ['organization', 'environment', 'name'],
    detail: 'The environment already has a plan with this name. Change it, or choose another name.',
  },
}

export const PLANS_FEED = entityFeed({
  kind: 'plan',
  keyColumns: ['organization', 'id'],
  select: (db) => db.selectFrom('plans').select(['organization', 'environment', 'id', 'rate_limits_json']),
  record: (row): PlanRecord => ({
    kind: 'plan',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    rateLimits: planLimitsFromJson(row.rate_limits_json),
  }),
})

function planRow(row: PlansTable): PlanRow {
  return {
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    rateLimits: planLimitsFromJson(row.rate_limits_json),
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

export function planReader(db: Database): PlanReader {
  function plans(organization: string, environment: string) {
    return db
      .selectFrom('plans')
      .where('organization', '=', organization)
      .where('environment', '=', environment)
  }

  return {
    async get(organization, environment, name) {
      const row = await plans(organization, environment)
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst()
      return row && planRow(row)
    },

    async list(organization, environment, page) {
      const query = plans(organization, environment).selectAll()
      return await createdPage(query, page, 'id', (rows) => rows.map(planRow))
    },

    async countOfEnvironment(organization, environment) {
      const row = await plans(organization, environment)
        .select((eb) => eb.fn.countAll<number>().as('plans'))
        .executeTakeFirstOrThrow()
      return row.plans
    },
  }
}

export function planWriter(db: Database, staged: StagedChange): PlanWriter {
  return {
    ...planReader(db),

    async insert(row) {
      await db
        .insertInto('plans')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          name: row.name,
          title: row.title,
          description: row.description,
          rate_limits_json: toJson(row.rateLimits),
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      staged.upsert(PLANS_FEED, row.organization, row.id)
    },

    async update(row) {
      requireUpdated(
        await db
          .updateTable('plans')
          .set({
            title: row.title,
            description: row.description,
            rate_limits_json: toJson(row.rateLimits),
          })
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
      staged.upsert(PLANS_FEED, row.organization, row.id)
    },

    async remove(organization, environment, name) {
      const user = await db
        .selectFrom('consumers')
        .select('id')
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .where('plan', '=', name)
        .limit(1)
        .executeTakeFirst()
      if (user !== undefined) {
        throw new Problem('conflict', {
          detail: 'Consumers still have the plan. Give them another one first.',
        })
      }
      const deleted = await db
        .deleteFrom('plans')
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst()
      if (deleted === undefined) throw new Problem('not_found')
      staged.remove(PLANS_FEED, organization, deleted.id)
    },
  }
}
