import type { PolicyMode } from '@sallyport/core'
import { pageOf, placeAfter } from '../database/cursors.ts'
import type { PolicyReader, PolicyRow, PolicyWriter } from '../port/policies.ts'
import type { Database, PolicyTable } from '../database/schema.ts'

function policyRow(row: PolicyTable): PolicyRow {
  return {
    organization: row.organization,
    environment: row.environment,
    version: row.version,
    mode: row.mode as PolicyMode,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

export function policyReader(db: Database): PolicyReader {
  function newestFirst(organization: string, environment: string) {
    return db
      .selectFrom('policies')
      .selectAll()
      .where('organization', '=', organization)
      .where('environment', '=', environment)
      .orderBy('version', 'desc')
  }

  return {
    async current(organization, environment) {
      const row = await newestFirst(organization, environment).limit(1).executeTakeFirst()
      return row && policyRow(row)
    },

    async list(organization, environment, page) {
      const before = placeAfter(page, ['number'])
      let query = newestFirst(organization, environment)
      if (before !== undefined) query = query.where('version', '<', before[0])
      const rows = await query.limit(page.limit + 1).execute()
      return pageOf(
        rows,
        page.limit,
        (row) => [row.version],
        (kept) => kept.map(policyRow),
      )
    },
  }
}

/** Gateways demand what the deployed version says, not what today's policy says, so they are not told of it. */
export function policyWriter(db: Database): PolicyWriter {
  return {
    ...policyReader(db),

    async insert(row) {
      await db
        .insertInto('policies')
        .values({
          organization: row.organization,
          environment: row.environment,
          version: row.version,
          mode: row.mode,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
    },
  }
}
