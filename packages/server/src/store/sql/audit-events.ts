import { sql } from 'kysely'
import { chainAuditEntry } from '../audit/audit-chain.ts'
import { encodeCursor, pageOf, startAfter } from '../database/cursors.ts'
import { toJson } from '../database/json-columns.ts'
import type { JsonRows } from '../database/json-rows.ts'
import type { Database } from '../database/schema.ts'
import type { AuditEntry, AuditHead, AuditReader, AuditRow } from '../port/audit-events.ts'
import { ANY, factsOf, isPlaced, timesOf } from './audit-search.ts'

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

/** How many rows a page of events with two or more facts reads, besides those that it has. */
const ROWS_READ_MAX = 2_000

const sequenceOf = (row: AuditEventsTable): readonly number[] => [row.sequence]
const timeOf = (row: AuditEventsTable): readonly number[] => [row.happened_at, row.sequence]
const rowsOf = (kept: readonly AuditEventsTable[]): readonly AuditRow[] => kept.map(auditRow)

export function auditReader(db: Database): AuditReader {
  const events = (organization: string) =>
    db.selectFrom('audit_events').where('organization', '=', organization)

  return {
    async list(organization, page, selection) {
      const [after = 0] = startAfter(page, ['number']) ?? []
      const conditions =
        selection === undefined ? [] : [...factsOf(selection.filter), ...timesOf(selection.filter)]
      const isFiltered = conditions.length > 0
      let query = events(organization).selectAll().where('sequence', '>', after)
      const through = selection?.through ?? Number.MAX_SAFE_INTEGER
      // A filter that finds little must not make one query read the whole log.
      const last = isFiltered ? Math.min(through, after + ROWS_READ_MAX) : through
      if (selection !== undefined) query = query.where('sequence', '<=', last)
      for (const { unindexed } of conditions) query = query.where(unindexed)
      const rows = await query
        .orderBy('sequence')
        .limit(page.limit + 1)
        .execute()
      const found = pageOf(rows, page.limit, sequenceOf, rowsOf)
      if (found.next !== null || !isFiltered || last === through) return found
      return { items: found.items, next: encodeCursor([last]) }
    },

    async newest(organization, page, filter) {
      const after = startAfter(page, ['number', 'number'])
      const [first = ANY, ...rest] = factsOf(filter)
      let query = events(organization).where(first.indexed)
      // The position replaces the end of the period, so that a database cannot start at that end again on each page.
      for (const { indexed } of timesOf(after === undefined ? filter : { fromMs: filter.fromMs })) {
        query = query.where(indexed)
      }
      if (after !== undefined) query = query.where(isPlaced('<', after))
      const ordered = query.orderBy('happened_at', 'desc').orderBy('sequence', 'desc')
      const last =
        rest.length === 0
          ? undefined
          : await ordered
              .select(['happened_at', 'sequence'])
              .offset(ROWS_READ_MAX - 1)
              .limit(1)
              .executeTakeFirst()
      let read = ordered.selectAll()
      if (last !== undefined) read = read.where(isPlaced('>=', [last.happened_at, last.sequence]))
      for (const { unindexed } of rest) read = read.where(unindexed)
      const rows = await read.limit(page.limit + 1).execute()
      const found = pageOf(rows, page.limit, timeOf, rowsOf)
      if (found.next !== null || last === undefined) return found
      return { items: found.items, next: encodeCursor([last.happened_at, last.sequence]) }
    },

    async after(organization, sequence, limit) {
      const rows = await events(organization)
        .selectAll()
        .where('sequence', '>', sequence)
        .orderBy('sequence')
        .limit(limit)
        .execute()
      return rows.map(auditRow)
    },

    head: (organization) => headOf(db, organization),
  }
}

async function headOf(db: Database, organization: string): Promise<AuditHead | undefined> {
  return await db
    .selectFrom('audit_events')
    .select(['sequence', 'hash'])
    .where('organization', '=', organization)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The newest events of organizations, by organization. */
export type AuditHeads = ReadonlyMap<string, AuditHead>

const EVENT_COLUMNS = {
  organization: 'text',
  sequence: 'bigint',
  happened_at: 'bigint',
  actor: 'text',
  action: 'text',
  target: 'text',
  before_json: 'text',
  after_json: 'text',
  previous_hash: 'text',
  hash: 'text',
} as const satisfies Record<keyof AuditEventsTable, 'text' | 'bigint'>

/**
 * Appends entries to their organizations' chains. The write lock keeps sequences unique.
 *
 * @param known the newest events as far as they are known; others are read
 * @returns the newest events of the organizations of the entries
 */
export async function appendAudit(
  tx: Database,
  entries: readonly AuditEntry[],
  jsonRows: JsonRows,
  known: AuditHeads,
): Promise<AuditHeads> {
  const newest = new Map<string, AuditHead>()
  const rows: AuditEventsTable[] = []
  for (const entry of entries) {
    const { organization } = entry
    const last = newest.get(organization) ?? known.get(organization) ?? (await headOf(tx, organization))
    const row = chainAuditEntry(entry, last)
    newest.set(organization, row)
    rows.push({
      organization,
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
  }
  const [first, ...rest] = rows
  if (first === undefined) return newest
  if (rest.length === 0) {
    await tx.insertInto('audit_events').values(first).execute()
    return newest
  }
  const columns = Object.keys(EVENT_COLUMNS) as (keyof AuditEventsTable)[]
  const json = JSON.stringify(rows.map((row) => columns.map((column) => row[column])))
  const names = sql.join(columns.map((column) => sql.ref(column)))
  await sql`
    insert into audit_events (${names}) select ${names} from ${jsonRows(json, EVENT_COLUMNS)}
  `.execute(tx)
  return newest
}
