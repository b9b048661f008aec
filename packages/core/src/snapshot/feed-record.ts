import type { ConsumerRecord, KeyRecord } from '../feed/records.ts'
import type { SnapshotParts } from './parts.ts'
import { RECORD_KINDS, type Scope, SCOPES } from './record-kinds.ts'

type Kinds = typeof RECORD_KINDS

/** The name of a kind of record, such as `consumer`. */
type Kind = keyof Kinds

/** The whole state of one entity. */
type EntityRecord = { [K in Kind]: Parameters<Kinds[K]['apply']>[1] }[Kind]

/** The entity no longer exists. */
export interface RemovedRecord {
  readonly kind: 'removed'
  /** The kind of the removed entity. */
  readonly of: { [K in Kind]: Kinds[K] extends { readonly remove: unknown } ? K : never }[Kind]
  readonly organization: string
  /** The name of an environment or role; the id of anything else. */
  readonly id: string
}

/**
 * What the store sends to a gateway: first the records of a snapshot, then changes. Records are plain data, so a
 * gateway can run in the same thread, in another thread or on another machine.
 */
export type FeedRecord = EntityRecord | RemovedRecord

/** One committed change: everything that one operation wrote, under one revision. */
export interface Change {
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly records: readonly FeedRecord[]
}

/** The identity of an entity among the entities of its kind. */
export interface RecordKey {
  /** The organization's slug, for an organization its own. */
  readonly organization: string
  /** The slug of an organization, the name of an environment or role, the id of anything else. */
  readonly id: string
}

/**
 * An entry of the table without its record type. The signatures are methods, whose parameters TypeScript compares in
 * both directions, so that an entry found by a record's own kind takes that record.
 */
interface AnyKind {
  readonly scope: Scope
  readonly isRows?: true
  id(record: EntityRecord): string
  apply(parts: SnapshotParts, record: EntityRecord): SnapshotParts
  remove?(parts: SnapshotParts, organization: string, id: string): SnapshotParts
  records(parts: SnapshotParts): Iterable<EntityRecord>
}

function kindOf(record: EntityRecord): AnyKind {
  return RECORD_KINDS[record.kind]
}

/** The key of the entity that a record is about. */
export function recordKey(record: FeedRecord): RecordKey {
  if (record.kind === 'removed') return record
  const id = kindOf(record).id(record)
  return { organization: 'organization' in record ? record.organization : id, id }
}

/** The name of the entity that a record is about: a later record with the same identity replaces the earlier one. */
export function recordIdentity(record: FeedRecord): string {
  const { organization, id } = recordKey(record)
  return `${record.kind === 'removed' ? record.of : record.kind} ${organization} ${id}`
}

/** The parts after a record; unchanged parts are shared. Applying a record twice is the same as once. */
export function applyRecord(parts: SnapshotParts, record: FeedRecord): SnapshotParts {
  if (record.kind === 'removed') return RECORD_KINDS[record.of].remove(parts, record.organization, record.id)
  return kindOf(record).apply(parts, record)
}

/** The parts after records, one after the other. Keys that follow each other are added together, and so are consumers. */
export function applyRecords(before: SnapshotParts, records: readonly FeedRecord[]): SnapshotParts {
  let parts = before
  let keys: KeyRecord[] = []
  let consumers: ConsumerRecord[] = []
  const addCollected = (): void => {
    if (keys.length > 0) parts = { ...parts, keys: parts.keys.withAll(keys) }
    if (consumers.length > 0) parts = { ...parts, consumers: parts.consumers.withAll(consumers) }
    keys = []
    consumers = []
  }
  for (const record of records) {
    if (record.kind === 'key') keys.push(record)
    else if (record.kind === 'consumer') consumers.push(record)
    else {
      addCollected()
      parts = applyRecord(parts, record)
    }
  }
  addCollected()
  return parts
}

/**
 * Everything in a snapshot, owners before what they own and sorted by identity within a scope: a gateway can load the
 * records in this order, and snapshots with the same content give equal lists.
 */
export function sortedRecords(parts: SnapshotParts): FeedRecord[] {
  return SCOPES.flatMap((scope) =>
    kindsIn(scope)
      .flatMap((kind) => [...kind.records(parts)])
      .map((record) => ({ record, identity: recordIdentity(record) }))
      .toSorted((one, other) => (one.identity < other.identity ? -1 : 1))
      .map(({ record }) => record),
  )
}

/** Whether a record is, or removes, a row of a table. */
export function isAboutRow(record: FeedRecord): boolean {
  const kind: AnyKind = RECORD_KINDS[record.kind === 'removed' ? record.of : record.kind]
  return kind.isRows === true
}

/** The records of a snapshot that are not rows of a table, owners before what they own. */
export function* otherRecords(parts: SnapshotParts): Generator<FeedRecord> {
  for (const scope of SCOPES) {
    for (const kind of kindsIn(scope)) if (kind.isRows !== true) yield* kind.records(parts)
  }
}

function kindsIn(scope: Scope): readonly AnyKind[] {
  const kinds: readonly AnyKind[] = Object.values(RECORD_KINDS)
  return kinds.filter((kind) => kind.scope === scope)
}
