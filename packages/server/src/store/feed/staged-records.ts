import type { FeedRecord, RemovedRecord } from '@sallyport/core'
import type { Database } from '../database/schema.ts'
import { FEED_LOADERS, placeOf } from './feed.ts'
import type { FeedKind, FeedThing } from './staged-change.ts'

/** How many things one query names. */
const NAMED_MAX = 500

/** The things of one kind and organization, loaded together. */
interface Group {
  readonly kind: FeedKind
  readonly organization: string
  readonly ids: readonly string[]
}

function grouped(things: readonly FeedThing[]): Group[] {
  const groups = Map.groupBy(things, ({ kind, organization }) => JSON.stringify([kind, organization]))
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    if (first === undefined) return []
    const ids = members.map(({ id }) => id)
    return Array.from({ length: Math.ceil(ids.length / NAMED_MAX) }, (_, part) => ({
      kind: first.kind,
      organization: first.organization,
      ids: ids.slice(part * NAMED_MAX, (part + 1) * NAMED_MAX),
    }))
  })
}

function removedRecord({ kind, organization, id }: FeedThing): RemovedRecord {
  if (kind === 'organization' || kind === 'key') {
    throw new Error(`A ${kind} that was changed is not there: neither is ever removed`)
  }
  return { kind: 'removed', of: kind, organization, id }
}

/** What gateways are told of these things: what the rows say now, or that the thing is gone. In the same order. */
export async function recordsOf(tx: Database, things: readonly FeedThing[]): Promise<FeedRecord[]> {
  const found = new Map<string, FeedRecord>()
  for (const { kind, organization, ids } of grouped(things)) {
    const load = FEED_LOADERS.get(kind)
    const records = load === undefined ? [] : await load(tx, { organization, ids })
    for (const record of records) found.set(JSON.stringify([kind, organization, placeOf(record).id]), record)
  }
  return things.map(
    (thing) => found.get(JSON.stringify([thing.kind, thing.organization, thing.id])) ?? removedRecord(thing),
  )
}
