import type { PageRequest, Page } from './pages/paging.ts'

/** One action in the audit log. `before` and `after` contain no secret. */
export interface AuditEntry {
  readonly organization: string
  readonly atMs: number
  /** The id of the key or person that acted, or who acts without a credential, such as `setup`. */
  readonly actor: string
  /** Such as `keys.create`. */
  readonly action: string
  /** Such as `key/key_4fT0Qm2ZrX9bLk7A`. */
  readonly target: string
  readonly before: unknown
  readonly after: unknown
}

/** An entry in its organization's hash chain. */
export interface AuditRow extends AuditEntry {
  /** 1, 2, 3, … without a gap within the organization. */
  readonly sequence: number
  /** `hash` of the previous row; 64 zeros for the first. */
  readonly previousHash: string
  /** SHA-256 over the previous hash and the canonical JSON of the entry with its sequence; 64 hexadecimal digits. */
  readonly hash: string
}

/** Which events: those that have all of these facts. */
export interface AuditFilter {
  readonly actor?: string | undefined
  /** An action, such as `keys.create`, or all actions of a resource: `keys.*`. */
  readonly action?: string | undefined
  /** A target, such as `key/key_4fT0Qm2ZrX9bLk7A`, or all targets of a kind: `key/`. */
  readonly target?: string | undefined
  /** At this time or later, in ms since 1970. */
  readonly fromMs?: number | undefined
  /** Before this time, in ms since 1970. */
  readonly toMs?: number | undefined
}

/** The end of a chain. */
export interface AuditHead {
  readonly sequence: number
  readonly hash: string
}

export interface AuditReader {
  /**
   * The events up to a sequence, in the order of the chain. A page of filtered events can have fewer than its limit, even
   * none, while others follow.
   *
   * @param through the last sequence; the newest one unless given
   */
  list(
    organization: string,
    page: PageRequest,
    selection?: { readonly through: number; readonly filter: AuditFilter },
  ): Promise<Page<AuditRow>>
  /**
   * The newest events first. A page with two or more facts can have fewer events than its limit, even none, while others
   * follow: it reads a bounded number of rows.
   */
  newest(organization: string, page: PageRequest, filter: AuditFilter): Promise<Page<AuditRow>>
  /** The events with a higher sequence, in the order of the chain. */
  after(organization: string, sequence: number, limit: number): Promise<readonly AuditRow[]>
  /** The newest event; undefined if there is none. */
  head(organization: string): Promise<AuditHead | undefined>
}
