import type { AuditEntry } from '../port/audit-events.ts'

/** What gateways are told about; external keys and roles join when the store keeps them. */
export type FeedKind =
  | 'organization'
  | 'environment'
  | 'consumer'
  | 'key'
  | 'signing-key'
  | 'issuer'
  | 'environment-secret'
  | 'basic-credential'
  | 'deployment'

/** A thing that gateways know, by name. */
export interface FeedThing {
  readonly kind: FeedKind
  readonly organization: string
  /** The slug of the organization itself, the environment's name, else the thing's id. */
  readonly id: string
}

/**
 * What one write transaction has touched. It notes which things, not what became of them: their records are read from
 * the rows just before the commit, so that a record cannot differ from what was committed, and a thing that was
 * touched twice is told once.
 */
export class StagedChange {
  readonly #things = new Map<string, FeedThing>()
  readonly #audit: AuditEntry[] = []

  /** In the order in which gateways are told. */
  get things(): readonly FeedThing[] {
    return [...this.#things.values()]
  }

  get audit(): readonly AuditEntry[] {
    return this.#audit
  }

  /** The thing is new or was changed. It keeps the place where it came first, before what was made to refer to it. */
  touch(kind: FeedKind, organization: string, id: string): void {
    const name = JSON.stringify([kind, organization, id])
    if (!this.#things.has(name)) this.#things.set(name, { kind, organization, id })
  }

  /** The thing is gone. It goes last, after everything that has let go of it. */
  remove(kind: FeedKind, organization: string, id: string): void {
    const name = JSON.stringify([kind, organization, id])
    this.#things.delete(name)
    this.#things.set(name, { kind, organization, id })
  }

  record(entry: AuditEntry): void {
    this.#audit.push(entry)
  }
}
