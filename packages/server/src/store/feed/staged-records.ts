import { type FeedRecord, recordKey, type RemovedRecord } from '@sallyport/core'
import type { Database } from '../database/schema.ts'
import type { EntityFeed } from './entity-feed.ts'
import type { StagedRow } from './staged-change.ts'

/** Ids per query at most. */
const IDS_MAX = 500

/** Rows of one kind and organization, which one query loads. */
interface Group {
  readonly feed: EntityFeed
  readonly organization: string
  readonly ids: readonly string[]
}

function grouped(rows: readonly StagedRow[]): Group[] {
  const groups = Map.groupBy(rows, ({ feed, organization }) => JSON.stringify([feed.kind, organization]))
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    if (first === undefined) return []
    const ids = members.map(({ id }) => id)
    return Array.from({ length: Math.ceil(ids.length / IDS_MAX) }, (_, part) => ({
      feed: first.feed,
      organization: first.organization,
      ids: ids.slice(part * IDS_MAX, (part + 1) * IDS_MAX),
    }))
  })
}

function removedRecord({ feed: { kind }, organization, id }: StagedRow): RemovedRecord {
  if (kind === 'organization' || kind === 'key') {
    throw new Error(`A staged ${kind} has no row, but rows of this kind are never deleted`)
  }
  return { kind: 'removed', of: kind, organization, id }
}

/**
 * The record of each staged row, in the same order. They are read, except those of keys that were inserted in bulk. A row
 * that no longer exists gets a `removed` record.
 */
export async function recordsOf(tx: Database, rows: readonly StagedRow[]): Promise<FeedRecord[]> {
  const loaded = new Map<string, FeedRecord>()
  for (const { feed, organization, ids } of grouped(rows.filter(({ inserted }) => inserted === undefined))) {
    for (const record of await feed.load(tx, { organization, ids })) {
      loaded.set(JSON.stringify([feed.kind, organization, recordKey(record).id]), record)
    }
  }
  return rows.map(
    (row) =>
      row.inserted?.record ??
      loaded.get(JSON.stringify([row.feed.kind, row.organization, row.id])) ??
      removedRecord(row),
  )
}
