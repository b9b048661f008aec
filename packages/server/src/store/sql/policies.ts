import type { PolicyMode } from '@sallyport/core'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { pageOf, startAfter } from '../database/cursors.ts'
import type { Database } from '../database/schema.ts'
import type { PolicyReader, PolicyRow, PolicyWriter } from '../port/policies.ts'

declare module '../database/schema.ts' {
  interface Schema {
    policies: PoliciesTable
  }
}

interface PoliciesTable {
  organization: string
  environment: string
  version: number
  mode: string
  created_at: number
  created_by: string
}

export const POLICIES_CONSTRAINTS: UniqueConstraints = {
  policies_pkey: {
    table: 'policies',
    columns: ['organization', 'environment', 'version'],
    detail: 'The policy has changed since you read it. Read it again, then repeat the change.',
  },
}

function policyRow(row: PoliciesTable): PolicyRow {
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
      const before = startAfter(page, ['number'])
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

/** Gateways enforce what the deployed version requires, not the current policy, so nothing here is staged. */
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
