/** What a ticket is for. */
export type TicketPurpose =
  | 'password-reset'
  | 'passkey-registration'
  | 'passkey-sign-in'
  | 'passkey-step-up'
  | 'provider-sign-in'

/**
 * Something that was begun and can be completed once: by a link, or by the second request of a ceremony. Only the digest
 * of its secret is stored.
 */
export interface TicketRow {
  /** SHA-256 of the secret. */
  readonly digest: string
  readonly purpose: TicketPurpose
  /** The id of the person that it is for; null while that is unknown. */
  readonly person: string | null
  /** What the completion needs, sealed under the master key. */
  readonly sealed: string
  readonly expiresAtMs: number
}

export interface TicketReader {
  find(digest: string): Promise<TicketRow | undefined>
  /** How many tickets of a purpose a person has. */
  countOfPerson(person: string, purpose: TicketPurpose): Promise<number>
}

export interface TicketWriter extends TicketReader {
  insert(row: TicketRow): Promise<void>
  /** Removes a ticket and returns it. One that has ended is removed too, so check `expiresAtMs`. */
  take(digest: string, purpose: TicketPurpose): Promise<TicketRow | undefined>
  /** Removes the tickets of a purpose that a person has. */
  removeOfPerson(person: string, purpose: TicketPurpose): Promise<void>
  /** Deletes tickets that ended before `beforeMs`. */
  prune(beforeMs: number): Promise<void>
}
