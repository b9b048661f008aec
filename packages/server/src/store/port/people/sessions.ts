/** How the session of a person began. */
export type SignInMethod = 'password' | 'passkey' | 'provider'

/** A person who is signed in at one browser or program. */
export interface SessionRow {
  readonly id: string
  /** The id of the person. */
  readonly person: string
  /** SHA-256 of the token in the cookie. Unique; a new token replaces it. */
  readonly tokenDigest: string
  readonly method: SignInMethod
  /**
   * The way to sign in that alone vouches for the session, such as `provider/acme-id`: it opened the session, or confirmed
   * it since. Null if the password vouches for it.
   */
  readonly dependsOn: string | null
  readonly createdAtMs: number
  /** When it ends, however much it is used. */
  readonly expiresAtMs: number
  readonly lastUsedAtMs: number
  /** When the person last confirmed who they are: at sign-in, then at each step-up. */
  readonly confirmedAtMs: number
  /** When a second factor was verified in it; null if none was. A passkey that verified its user counts as one. */
  readonly secondFactorAtMs: number | null
  /** Of the sign-in, if it is known. */
  readonly address: string | null
  readonly userAgent: string | null
}

export interface SessionReader {
  get(id: string): Promise<SessionRow | undefined>
  byToken(tokenDigest: string): Promise<SessionRow | undefined>
  /** The sessions of a person that end after `nowMs`, oldest first. */
  ofPerson(person: string, nowMs: number): Promise<readonly SessionRow[]>
}

export interface SessionWriter extends SessionReader {
  insert(row: SessionRow): Promise<void>
  /** Replaces the token, what was confirmed and verified when, and what it depends on; other columns stay. */
  update(row: SessionRow): Promise<void>
  /** Says that the session was used at this time. */
  touch(id: string, lastUsedAtMs: number): Promise<void>
  /** Ends one session of a person. */
  remove(person: string, id: string): Promise<void>
  /**
   * Ends all sessions of a person.
   *
   * @param except the id of one that stays
   */
  removeAll(person: string, except?: string): Promise<void>
  /** Ends the sessions of a person that depend on a way to sign in. */
  removeDependent(person: string, means: string): Promise<void>
  /** Deletes sessions that ended before `beforeMs`. */
  prune(beforeMs: number): Promise<void>
}
