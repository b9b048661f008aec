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

export interface AuditReader {
  /** Oldest first. */
  list(organization: string, page: PageRequest): Promise<Page<AuditRow>>
}
