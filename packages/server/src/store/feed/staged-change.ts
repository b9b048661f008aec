import type { AuditEntry } from '../port/audit-events.ts'
import type { EntityFeed } from './entity-feed.ts'
import type { RecordKey } from '@sallyport/core'

/** A row that the transaction has changed and gateways receive. */
export interface StagedRow extends RecordKey {
  readonly feed: EntityFeed
}

/**
 * The rows and audit entries of one write transaction. It keeps the keys of changed rows, not their content: the
 * records are read from the rows just before the commit. A record therefore matches what is committed, and a row that
 * changed twice has one record.
 */
export class StagedChange {
  readonly #rows = new Map<string, StagedRow>()
  readonly #auditEntries: AuditEntry[] = []

  /** In the order in which gateways apply them. */
  get rows(): readonly StagedRow[] {
    return [...this.#rows.values()]
  }

  get auditEntries(): readonly AuditEntry[] {
    return this.#auditEntries
  }

  /**
   * Stages a new or changed row. It keeps its first position in the order, before the rows that were made to refer to
   * it.
   */
  upsert(feed: EntityFeed, organization: string, id: string): void {
    const name = JSON.stringify([feed.kind, organization, id])
    if (!this.#rows.has(name)) this.#rows.set(name, { feed, organization, id })
  }

  /** Stages a removed row. It moves to the end of the order, after the rows that no longer refer to it. */
  remove(feed: EntityFeed, organization: string, id: string): void {
    const name = JSON.stringify([feed.kind, organization, id])
    this.#rows.delete(name)
    this.#rows.set(name, { feed, organization, id })
  }

  audit(entry: AuditEntry): void {
    this.#auditEntries.push(entry)
  }
}
