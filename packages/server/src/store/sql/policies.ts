import type { PolicyMode } from '@sallyport/core'
import type { PolicyReader, PolicyWriter } from '../store.ts'
import type { Database } from './backend.ts'

export function policyReader(db: Database): PolicyReader {
  return {
    async current(organization, environment) {
      const row = await db
        .selectFrom('policies')
        .selectAll()
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst()
      return (
        row && {
          organization: row.organization,
          environment: row.environment,
          version: row.version,
          mode: row.mode as PolicyMode,
          createdAtMs: row.created_at,
          createdBy: row.created_by,
        }
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
