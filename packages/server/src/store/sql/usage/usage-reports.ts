import type { Database } from '../../database/schema.ts'
import { USAGE_INTERVALS, type UsageReport } from '../../port/usage.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    usage_reports: UsageReportsTable
  }
}

/** The last report of each source. */
interface UsageReportsTable {
  source: string
  number: number
  received_at: number
}

/** How long a source may be silent until its last report is forgotten, in ms: as long as a gateway may start from its snapshot. */
const REMEMBERED_MS = 7 * USAGE_INTERVALS.day
/** The most sources that are remembered, the latest ones: about 10 MB. */
const SOURCES_MAX = 100_000

/**
 * Notes that a report is counted, in the transaction that counts it. Of two that arrive at the same time, the second waits for the first.
 *
 * @returns false if it was counted before
 */
export async function noteReport(
  tx: Database,
  { source, number }: UsageReport,
  nowMs: number,
): Promise<boolean> {
  const noted = await tx
    .insertInto('usage_reports')
    .values({ source, number, received_at: nowMs })
    .onConflict((conflict) =>
      conflict
        .column('source')
        .doUpdateSet({ number, received_at: nowMs })
        .where('usage_reports.number', '<', number),
    )
    .returning('source')
    .executeTakeFirst()
  return noted !== undefined
}

/** Forgets sources that have sent nothing for long, and those that are too many. */
export async function pruneReports(tx: Database, nowMs: number): Promise<void> {
  const oldest = await tx
    .selectFrom('usage_reports')
    .select('received_at')
    .orderBy('received_at', 'desc')
    .offset(SOURCES_MAX)
    .limit(1)
    .executeTakeFirst()
  const beforeMs = Math.max(nowMs - REMEMBERED_MS, (oldest?.received_at ?? -1) + 1)
  await tx.deleteFrom('usage_reports').where('received_at', '<', beforeMs).execute()
}
