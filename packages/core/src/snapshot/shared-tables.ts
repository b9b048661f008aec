import { inParts, type ListChanges } from '../tables/list-changes.ts'
import type { RowContext } from '../tables/row.ts'
import { CHUNK_PAGES } from '../tables/row-index.ts'
import type { TableChanges } from '../tables/row-table.ts'
import type { HashSeed } from '../tables/text-hash.ts'
import { ValuePool } from '../tables/value-pool.ts'
import { emptyParts, type SnapshotParts } from './parts.ts'
import { RecordTable } from './record-table.ts'
import { TABLE_KINDS, type TableKind, tablesOf } from './table-kinds.ts'

/**
 * The tables of a snapshot for threads that read what one thread writes, or how they differ from those of the snapshot
 * before. Plain data: the rows, indexes and values themselves are memory that the threads share.
 */
export interface SharedTables {
  /** The seed of the hashes, if nothing of the snapshot before is used; else null. */
  readonly begin: HashSeed | null
  /** All memory of the pool so far. */
  readonly pool: readonly Uint32Array[]
  /** Those that differ. */
  readonly tables: Partial<Readonly<Record<TableKind, TableChanges>>>
  /** The number of keys with a token that was issued elsewhere. */
  readonly foreignCount: number
}

/** @param before what the other threads have; undefined if they have nothing */
export function sharedTables(before: SnapshotParts | undefined, after: SnapshotParts): SharedTables {
  const { pool, seed } = contextOf(after)
  const isNew = before === undefined || contextOf(before).pool !== pool
  const known = tablesOf(isNew ? emptyParts({ pool, seed }) : before)
  const own = tablesOf(after)
  const differing = TABLE_KINDS.filter((kind) => isNew || own[kind] !== known[kind])
  return {
    begin: isNew ? seed : null,
    pool: pool.blocks,
    tables: Object.fromEntries(differing.map((kind) => [kind, own[kind].changesSince(known[kind])])),
    foreignCount: after.keys.foreignCount,
  }
}

/** The snapshot of a reading thread with the tables of the writing one. */
export function withSharedTables(
  parts: SnapshotParts,
  { begin, pool, tables, foreignCount }: SharedTables,
): SnapshotParts {
  const base = begin === null ? parts : withoutRows(parts, { pool: ValuePool.reading(pool), seed: begin })
  contextOf(base).pool.learn(pool)
  const changed = <R extends { readonly id: string }>(
    kind: TableKind,
    table: RecordTable<R>,
  ): RecordTable<R> => {
    const changes = tables[kind]
    return changes === undefined
      ? table
      : RecordTable.of(table.rows.withChanges(changes), table.kind, table.context)
  }
  return {
    ...base,
    keys: base.keys.withRecords(changed('key', base.keys.records), foreignCount),
    consumers: changed('consumer', base.consumers),
    externalKeys: changed('external-key', base.externalKeys),
    basicCredentials: changed('basic-credential', base.basicCredentials),
  }
}

/** The same tables in several parts, one to be applied after the other. @param max of blocks of memory in a part */
export function* sharedInParts(shared: SharedTables, max: number): Generator<SharedTables> {
  let { begin } = shared
  for (const kind of TABLE_KINDS) {
    const changes = shared.tables[kind]
    if (changes === undefined) continue
    for (const part of tableInParts(changes, max)) {
      yield { ...shared, begin, tables: { [kind]: part } }
      begin = null
    }
  }
  if (begin !== null) yield shared
}

function* tableInParts(changes: TableChanges, max: number): Generator<TableChanges> {
  const { segments, byId, byNaturalKey } = changes
  const bare: TableChanges = {
    ...changes,
    segments: without(segments),
    byId: { ...byId, chunks: without(byId.chunks) },
    byNaturalKey: byNaturalKey === null ? null : { ...byNaturalKey, chunks: without(byNaturalKey.chunks) },
  }
  for (const part of inParts(segments, max)) yield { ...bare, segments: part }
  // A chunk has many pages.
  for (const chunks of inParts(byId.chunks, Math.ceil(max / CHUNK_PAGES)))
    yield { ...bare, byId: { ...byId, chunks } }
  if (byNaturalKey === null) return
  for (const chunks of inParts(byNaturalKey.chunks, Math.ceil(max / CHUNK_PAGES)))
    yield { ...bare, byNaturalKey: { ...byNaturalKey, chunks } }
}

function without<T>({ length }: ListChanges<T>): ListChanges<T> {
  return { length, changed: [] }
}

function withoutRows(parts: SnapshotParts, context: RowContext): SnapshotParts {
  const empty = emptyParts(context)
  return {
    ...empty,
    organizations: parts.organizations,
    keys: parts.keys.withRecords(empty.keys.records, 0),
  }
}

function contextOf({ keys }: SnapshotParts): RowContext {
  return keys.records.context
}
