import type { AuditEntry } from '../port/audit-events.ts'
import type { EntityFeed } from './entity-feed.ts'
import type { FeedRecord, KeyId, RecordKey } from '@sallyport/core'
import type { KeyRow } from '../port/keys.ts'

/** A row that the transaction has changed and gateways receive. */
export interface StagedRow extends RecordKey {
  readonly feed: EntityFeed
  /** For a key that the transaction has inserted in bulk and not changed since. It need not be read again. */
  readonly inserted?: InsertedKey | undefined
}

/** A new key as the transaction has inserted it. */
export interface InsertedKey {
  readonly row: KeyRow
  /** What the key's feed would load. */
  readonly record: FeedRecord
}

/** A key whose secrets the transaction has replaced. */
export interface ReplacedSecrets {
  readonly organization: string
  readonly keyId: KeyId
  /** The numbers of the secrets that are no longer there. */
  readonly removed: readonly number[]
}

/** A key of another organization that the transaction has removed from those that an organization knows. */
export interface RemovedExternalKey {
  readonly organization: string
  readonly keyId: KeyId
}

/** What had counters and has been removed. They are removed at the end of the transaction. */
export interface RemovedCounters {
  readonly replacedSecrets: readonly ReplacedSecrets[]
  readonly externalKeys: readonly RemovedExternalKey[]
}

/**
 * The rows and audit entries of one write transaction. It keeps the keys of changed rows, not their content: the
 * records are read from the rows just before the commit. A record therefore matches what is committed, and a row that
 * changed twice has one record. Only keys that were inserted in bulk come with their record.
 */
export class StagedChange {
  readonly #rows = new Map<string, StagedRow>()
  readonly #auditEntries: AuditEntry[] = []
  readonly #replacedSecrets: ReplacedSecrets[] = []
  readonly #removedExternalKeys: RemovedExternalKey[] = []

  /** In the order in which gateways apply them. */
  get rows(): readonly StagedRow[] {
    return [...this.#rows.values()]
  }

  get auditEntries(): readonly AuditEntry[] {
    return this.#auditEntries
  }

  get removedCounters(): RemovedCounters {
    return { replacedSecrets: this.#replacedSecrets, externalKeys: this.#removedExternalKeys }
  }

  /**
   * Stages a new or changed row. It keeps its first position in the order, before the rows that were made to refer to
   * it.
   */
  upsert(feed: EntityFeed, organization: string, id: string): void {
    // In a Map, an entry that is replaced keeps its position.
    this.#rows.set(nameOf(feed, organization, id), { feed, organization, id })
  }

  /** Stages a key that the transaction has just inserted. A later `upsert` of it counts instead. */
  insertKey(feed: EntityFeed, inserted: InsertedKey): void {
    const { organization, id } = inserted.row
    this.#rows.set(nameOf(feed, organization, id), { feed, organization, id, inserted })
  }

  /** Stages a removed row. It moves to the end of the order, after the rows that no longer refer to it. */
  remove(feed: EntityFeed, organization: string, id: string): void {
    const name = nameOf(feed, organization, id)
    this.#rows.delete(name)
    this.#rows.set(name, { feed, organization, id })
  }

  replaceSecrets(replaced: ReplacedSecrets): void {
    this.#replacedSecrets.push(replaced)
  }

  removeExternalKey(removed: RemovedExternalKey): void {
    this.#removedExternalKeys.push(removed)
  }

  audit(entry: AuditEntry): void {
    this.#auditEntries.push(entry)
  }
}

/** Neither kinds nor slugs contain a space. */
function nameOf({ kind }: EntityFeed, organization: string, id: string): string {
  return `${kind} ${organization} ${id}`
}
