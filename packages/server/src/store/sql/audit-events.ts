import { chainAuditEntry } from '../audit/audit-chain.ts'
import { pageOf, startAfter } from '../database/cursors.ts'
import { toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import type { AuditEntry, AuditReader, AuditRow } from '../port/audit-events.ts'

declare module '../database/schema.ts' {
  interface Schema {
    audit_events: AuditEventsTable
  }
}

interface AuditEventsTable {
  organization: string
  sequence: number
  happened_at: number
  actor: string
  action: string
  target: string
  before_json: string
  after_json: string
  previous_hash: string
  hash: string
}

function auditRow(row: AuditEventsTable): AuditRow {
  return {
    organization: row.organization,
    sequence: row.sequence,
    atMs: row.happened_at,
    actor: row.actor,
    action: row.action,
    target: row.target,
    before: JSON.parse(row.before_json) as unknown,
    after: JSON.parse(row.after_json) as unknown,
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

export function auditReader(db: Database): AuditReader {
  return {
    async list(organization, page) {
      const after = startAfter(page, ['number'])
      let query = db.selectFrom('audit_events').selectAll().where('organization', '=', organization)
      if (after !== undefined) query = query.where('sequence', '>', after[0])
      const rows = await query
        .orderBy('sequence')
        .limit(page.limit + 1)
        .execute()
      return pageOf(
        rows,
        page.limit,
        (row) => [row.sequence],
        (kept) => kept.map(auditRow),
      )
    },
  }
}

/** Appends entries to their organizations' chains. The write lock keeps sequences unique. */
export async function appendAudit(tx: Database, entries: readonly AuditEntry[]): Promise<void> {
  const newest = new Map<string, { readonly sequence: number; readonly hash: string }>()
  for (const entry of entries) {
    const last =
      newest.get(entry.organization) ??
      (await tx
        .selectFrom('audit_events')
        .select(['sequence', 'hash'])
        .where('organization', '=', entry.organization)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst())
    const row = chainAuditEntry(entry, last)
    newest.set(entry.organization, row)
    await tx
      .insertInto('audit_events')
      .values({
        organization: row.organization,
        sequence: row.sequence,
        happened_at: row.atMs,
        actor: row.actor,
        action: row.action,
        target: row.target,
        before_json: toJson(row.before),
        after_json: toJson(row.after),
        previous_hash: row.previousHash,
        hash: row.hash,
      })
      .execute()
  }
}
