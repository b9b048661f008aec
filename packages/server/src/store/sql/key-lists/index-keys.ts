import {
  currentSecret,
  keySection,
  keyTerms,
  type KeyType,
  nameOrder,
  rollingUntilMs,
  wholeSecondMs,
} from '@sallyport/core'
import { sql } from 'kysely'
import { labelsFromJson, textsFromJson } from '../../database/json-columns.ts'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database } from '../../database/schema.ts'
import type { StagedRow } from '../../feed/staged-change.ts'
import { type KeyIndexTable, NEVER_MS, neverUsedOrder } from './tables.ts'

/** Keys per statement. */
const BATCH = 500

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

type LastUse = readonly [organization: string, id: string, section: string, useOrder: number]
type Term = readonly [organization: string, section: string, term: string, id: string]

/**
 * Brings the index of the keys that a transaction has changed up to date. It runs last in a transaction, so no writer of
 * keys can forget it. Rows of `key_last_uses` are written after all others and in the order of their ids, as the flush of
 * usage writes them, so that the two cannot deadlock.
 */
export async function indexKeys(
  tx: Database,
  staged: readonly StagedRow[],
  jsonRows: JsonRows,
): Promise<void> {
  const ids = staged.flatMap(({ feed, id }) => (feed.kind === 'key' ? [id] : [])).toSorted()
  const uses: LastUse[] = []
  for (let start = 0; start < ids.length; start += BATCH) {
    uses.push(...(await indexBatch(tx, ids.slice(start, start + BATCH), jsonRows)))
  }
  for (let start = 0; start < uses.length; start += BATCH) {
    const rows = jsonRows(JSON.stringify(uses.slice(start, start + BATCH)), USE_COLUMNS)
    await sql`
      insert into key_last_uses (organization, id, section, use_order)
      select keys.organization, keys.id, json_rows.section, json_rows.use_order
      from ${rows} cross join keys where keys.id = json_rows.id order by keys.id
      on conflict (organization, id) do update set section = excluded.section
    `.execute(tx)
  }
}

/** @returns the rows of `key_last_uses` to write, by id */
async function indexBatch(tx: Database, ids: readonly string[], jsonRows: JsonRows): Promise<LastUse[]> {
  const before = new Map((await indexedKeys(tx, ids)).map((row) => [row.id, row]))
  const uses: LastUse[] = []
  const changed: KeyIndexTable[] = []
  const removed: Term[] = []
  const added: Term[] = []
  const counts = new Counts()
  for (const row of await currentKeys(tx, ids)) {
    const old = before.get(row.id)
    if (old !== undefined && isSame(old, row)) continue
    changed.push(row)
    if (old?.section !== row.section) {
      if (old !== undefined) counts.add(old, -1)
      counts.add(row, 1)
      uses.push([row.organization, row.id, row.section, neverUsedOrder(row.created_at)])
    }
    const [oldTerms, newTerms] = [termsOf(old), termsOf(row)]
    removed.push(...missingIn(newTerms, oldTerms))
    added.push(...missingIn(oldTerms, newTerms))
  }
  if (changed.length === 0) return []
  const columns = Object.keys(INDEX_COLUMNS) as (keyof KeyIndexTable)[]
  const rows = jsonRows(
    JSON.stringify(changed.map((row) => columns.map((column) => row[column]))),
    INDEX_COLUMNS,
  )
  const names = sql.join(columns.map((column) => sql.ref(column)))
  const replaced = sql.join(
    columns.slice(2).map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
  )
  await sql`
    insert into key_index (${names}) select ${names} from ${rows} where true
    on conflict (organization, id) do update set ${replaced}
  `.execute(tx)
  if (removed.length > 0) {
    await sql`
      delete from key_terms where (organization, section, term, id) in (
        select organization, section, term, id from ${jsonRows(JSON.stringify(removed), TERM_COLUMNS)}
      )
    `.execute(tx)
  }
  if (added.length > 0) {
    await sql`
      insert into key_terms (organization, section, term, id)
      select organization, section, term, id from ${jsonRows(JSON.stringify(added), TERM_COLUMNS)}
    `.execute(tx)
  }
  await counts.write(tx)
  return uses
}

async function indexedKeys(tx: Database, ids: readonly string[]): Promise<readonly KeyIndexTable[]> {
  return await tx
    .selectFrom('keys')
    .innerJoin('key_index', (join) =>
      join.onRef('key_index.organization', '=', 'keys.organization').onRef('key_index.id', '=', 'keys.id'),
    )
    .selectAll('key_index')
    .where('keys.id', 'in', ids)
    .execute()
}

/** The rows of the index as the keys are now, by id. */
async function currentKeys(tx: Database, ids: readonly string[]): Promise<readonly KeyIndexTable[]> {
  const keys = await tx
    .selectFrom('keys')
    .select([
      'organization',
      'id',
      'name',
      'type',
      'environment',
      'consumer',
      'removed_consumer',
      'roles_json',
      'labels_json',
    ])
    .select(['active', 'created_at', 'expires_at', 'deleted_at'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  const secrets = await tx
    .selectFrom('keys')
    .innerJoin('secrets', (join) =>
      join.onRef('secrets.organization', '=', 'keys.organization').onRef('secrets.key_id', '=', 'keys.id'),
    )
    .select(['secrets.key_id', 'secrets.hint', 'secrets.created_at', 'secrets.expires_at'])
    .where('keys.id', 'in', ids)
    .orderBy('secrets.sequence')
    .execute()
  const secretsOf = Map.groupBy(secrets, ({ key_id }) => key_id)
  return keys.map((key) => {
    const own = secretsOf.get(key.id) ?? []
    const isDeleted = key.deleted_at !== null
    const terms = keyTerms({
      ...key,
      consumer: key.consumer ?? key.removed_consumer,
      roles: textsFromJson(key.roles_json),
      labels: labelsFromJson(key.labels_json),
      hints: own.map(({ hint }) => hint),
    })
    return {
      organization: key.organization,
      id: key.id,
      section: keySection({ ...key, type: key.type as KeyType, active: key.active === 1, isDeleted }),
      created_at: key.created_at,
      expires_at: key.expires_at ?? NEVER_MS,
      rolling_until: rollingUntilMs(own.map(({ expires_at }) => expires_at)),
      secret_created_at: secretCreatedAt(own),
      name_order: nameOrder(key.name),
      terms: ` ${terms.join(' ')} `,
    }
  })
}

function secretCreatedAt(
  secrets: readonly { readonly created_at: number; readonly expires_at: number | null }[],
): number {
  const current = currentSecret(secrets.map((row) => ({ ...row, expiresAtMs: row.expires_at })))
  return current === undefined ? NEVER_MS : wholeSecondMs(current.created_at)
}

function isSame(one: KeyIndexTable, other: KeyIndexTable): boolean {
  return (Object.keys(INDEX_COLUMNS) as (keyof KeyIndexTable)[]).every(
    (column) => one[column] === other[column],
  )
}

function termsOf(row: KeyIndexTable | undefined): readonly Term[] {
  if (row === undefined) return []
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
