/** Someone who signs in. A person can be a member of several organizations, or of none. */
export interface PersonRow {
  readonly id: string
  /** In the form of `parseEmail`; unique. */
  readonly email: string
  readonly name: string
  /** An argon2id hash, or null for a person without a password. */
  readonly passwordHash: string | null
  readonly passwordChangedAtMs: number | null
  /** When the person showed that they read mails to their address; null if nobody knows whether they do. */
  readonly emailProvenAtMs: number | null
  readonly createdAtMs: number
}

export interface PersonReader {
  get(id: string): Promise<PersonRow | undefined>
  byEmail(email: string): Promise<PersonRow | undefined>
}

export interface PersonWriter extends PersonReader {
  /** @throws Problem `conflict` when a person has this e-mail address */
  insert(row: PersonRow): Promise<void>
  /** Replaces name, password, when it was changed, and when the address was proven; other columns stay. */
  update(row: PersonRow): Promise<void>
}
