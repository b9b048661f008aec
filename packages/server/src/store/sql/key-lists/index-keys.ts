import { type RawBuilder, sql } from 'kysely'
import { byText } from '../../database/by-text.ts'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database } from '../../database/schema.ts'
import type { StagedRow } from '../../feed/staged-change.ts'
import { currentRows, indexedRows, insertedRow } from './index-rows.ts'
import { type KeyIndexTable, neverUsedOrder } from './tables.ts'

/** Keys per statement that names each in a parameter. */
const BATCH = 500
/** Keys per statement that gets them as one parameter. */
const ADDED_BATCH = 2_000

const INDEX_COLUMNS = {
  organization: 'text',
  id: 'text',
  section: 'text',
  created_at: 'bigint',
  expires_at: 'bigint',
  rolling_until: 'bigint',
  secret_created_at: 'bigint',
  name_order: 'text',
  terms: 'text',
} as const satisfies Record<keyof KeyIndexTable, 'text' | 'bigint'>

const TERM_COLUMNS = { organization: 'text', section: 'text', term: 'text', id: 'text' } as const
const USE_COLUMNS = { organization: 'text', id: 'text', section: 'text', use_order: 'bigint' } as const

/** A row of `key_last_uses`. */
export type LastUse = readonly [organization: string, id: string, section: string, useOrder: number]
type Term = readonly [organization: string, section: string, term: string, id: string]

/**
 * Brings the index of the keys that a write has changed up to date. It runs last in a write, so no writer of keys can forget
 * it.
 *
 * @returns the rows of `key_last_uses` to write at the end of the transaction
 */
export async function indexKeys(
  tx: Database,
  staged: readonly StagedRow[],
  jsonRows: JsonRows,
): Promise<readonly LastUse[]> {
  const keys = staged
    .filter(({ feed }) => feed.kind === 'key')
    .toSorted((one, other) => byText(one.id, other.id))
  const added = keys.flatMap(({ inserted }) => (inserted === undefined ? [] : [inserted.row]))
  const changed = keys.flatMap(({ id, inserted }) => (inserted === undefined ? [id] : []))
  const uses: LastUse[] = []
  for (let start = 0; start < added.length; start += ADDED_BATCH) {
    const rows = added.slice(start, start + ADDED_BATCH).map((row) => ({ row: insertedRow(row) }))
    uses.push(...(await writeChanges(tx, rows, jsonRows)))
  }
  for (let start = 0; start < changed.length; start += BATCH) {
    const rows = await changedRows(tx, changed.slice(start, start + BATCH))
    uses.push(...(await writeChanges(tx, rows, jsonRows)))
  }
  return uses
}

/**
 * Writes the sections of keys beside their last uses. It comes after all other rows of a transaction, in the order of their ids,
 * as the flush of usage writes them, so that the two cannot deadlock.
 *
 * @param uses in the order in which they came about: the last one of a key counts
 */
export async function writeLastUses(
  tx: Database,
  uses: readonly LastUse[],
  jsonRows: JsonRows,
): Promise<void> {
  const byId = new Map(uses.map((use) => [use[1], use]))
  const ordered = [...byId.values()].toSorted(([, one], [, other]) => byText(one, other))
  for (let start = 0; start < ordered.length; start += ADDED_BATCH) {
    const rows = jsonRows(JSON.stringify(ordered.slice(start, start + ADDED_BATCH)), USE_COLUMNS)
    await sql`
      insert into key_last_uses (organization, id, section, use_order)
      select keys.organization, keys.id, json_rows.section, json_rows.use_order
      from ${rows} cross join keys where keys.id = json_rows.id order by keys.id
      on conflict (organization, id) do update set section = excluded.section
    `.execute(tx)
  }
}

/** How the row of a key changes. */
interface RowChange {
  readonly row: KeyIndexTable
  /** Undefined for a key that is not in the index yet. */
  readonly old?: KeyIndexTable | undefined
}

/** Reads how the rows of keys change, without rows that stay the same. */
async function changedRows(tx: Database, ids: readonly string[]): Promise<readonly RowChange[]> {
  const [indexed, current] = await Promise.all([indexedRows(tx, ids), currentRows(tx, ids)])
  const before = new Map(indexed.map((row) => [row.id, row]))
  return current.flatMap((row) => {
    const old = before.get(row.id)
    return old !== undefined && isSame(old, row) ? [] : [{ row, old }]
  })
}

/** @returns the rows of `key_last_uses` to write */
async function writeChanges(
  tx: Database,
  changes: readonly RowChange[],
  jsonRows: JsonRows,
): Promise<readonly LastUse[]> {
  if (changes.length === 0) return []
  const uses: LastUse[] = []
  const removed: Term[] = []
  const added: Term[] = []
  const counts = new Counts()
  for (const { row, old } of changes) {
    if (old?.section !== row.section) {
      if (old !== undefined) counts.add(old, -1)
      counts.add(row, 1)
      uses.push([row.organization, row.id, row.section, neverUsedOrder(row.created_at)])
    }
    const newTerms = termsOf(row)
    if (old === undefined) added.push(...newTerms)
    else {
      const oldTerms = termsOf(old)
      removed.push(...missingIn(newTerms, oldTerms))
      added.push(...missingIn(oldTerms, newTerms))
    }
  }
  const columns = Object.keys(INDEX_COLUMNS) as (keyof KeyIndexTable)[]
  const rows = jsonRows(
    JSON.stringify(changes.map(({ row }) => columns.map((column) => row[column]))),
    INDEX_COLUMNS,
  )
  const names = sql.join(columns.map((column) => sql.ref(column)))
  // Sent together: none needs the result of another.
  const statements: Promise<unknown>[] = []
  const send = (statement: RawBuilder<unknown>): void => void statements.push(statement.execute(tx))
  const replaced = sql.join(
    columns.slice(2).map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
  )
  send(sql`
    insert into key_index (${names}) select ${names} from ${rows} where true
    on conflict (organization, id) do update set ${replaced}
  `)
  if (removed.length > 0) {
    send(sql`
      delete from key_terms where (organization, section, term, id) in (
        select organization, section, term, id from ${jsonRows(JSON.stringify(removed), TERM_COLUMNS)}
      )
    `)
  }
  if (added.length > 0) {
    // In the order of the primary key, rows that stand on the same page follow each other.
    const ordered = added.toSorted((one, other) => byText(one[1], other[1]) || byText(one[2], other[2]))
    send(sql`
      insert into key_terms (organization, section, term, id)
      select organization, section, term, id from ${jsonRows(JSON.stringify(ordered), TERM_COLUMNS)}
    `)
  }
  await Promise.all([...statements, counts.write(tx)])
  return uses
}

function isSame(one: KeyIndexTable, other: KeyIndexTable): boolean {
  return (Object.keys(INDEX_COLUMNS) as (keyof KeyIndexTable)[]).every(
    (column) => one[column] === other[column],
  )
}

function termsOf(row: KeyIndexTable): readonly Term[] {
  const { organization, section, terms, id } = row
  return terms
    .trim()
    .split(' ')
    .map((term): Term => [organization, section, term, id])
}

function missingIn(known: readonly Term[], terms: readonly Term[]): readonly Term[] {
  const names = new Set(known.map((term) => term.join(' ')))
  return terms.filter((term) => !names.has(term.join(' ')))
}

/** How the numbers of keys in sections change. */
class Counts {
  readonly #changes = new Map<string, { readonly row: KeyIndexTable; by: number }>()

  add(row: KeyIndexTable, by: 1 | -1): void {
    const name = `${row.organization}/${row.section}`
    const known = this.#changes.get(name)
    if (known === undefined) this.#changes.set(name, { row, by })
    else known.by += by
  }

  async write(tx: Database): Promise<void> {
    for (const { row, by } of this.#changes.values()) {
      const { organization, section } = row
      await tx
        .insertInto('key_counts')
        .values({ organization, section, keys: by })
        .onConflict((conflict) =>
          conflict.columns(['organization', 'section']).doUpdateSet({ keys: sql`key_counts.keys + ${by}` }),
        )
        .execute()
    }
  }
}
