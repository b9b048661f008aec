import { isQuota, QUOTAS, type Quota, type QuotaNumbers } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'

declare module '../database/schema.ts' {
  interface Schema {
    quota_usage: QuotaUsageTable
  }
}

/** What each organization has, kept with each change, so that no write counts rows. */
interface QuotaUsageTable {
  organization: string
  quota: string
  used: number
}

/** Adds to what an organization has, in the transaction that adds or removes it. */
export async function countUse(
  db: Database,
  organization: string,
  changes: Readonly<Partial<Record<Quota, number>>>,
): Promise<void> {
  const values = QUOTAS.flatMap((quota) => {
    const used = changes[quota] ?? 0
    return used === 0 ? [] : [{ organization, quota, used }]
  })
  if (values.length === 0) return
  await db
    .insertInto('quota_usage')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .columns(['organization', 'quota'])
        .doUpdateSet({ used: sql<number>`quota_usage.used + excluded.used` }),
    )
    .execute()
}

export async function quotaUsage(db: Database, organization: string): Promise<QuotaNumbers> {
  const rows = await db
    .selectFrom('quota_usage')
    .select(['quota', 'used'])
    .where('organization', '=', organization)
    .execute()
  const used: Record<Quota, number> = {
    keys: 0,
    consumers: 0,
    pipelines: 0,
    versions: 0,
    versionBytes: 0,
    deployments: 0,
    routes: 0,
  }
  for (const row of rows) if (isQuota(row.quota)) used[row.quota] = row.used
  return used
}
