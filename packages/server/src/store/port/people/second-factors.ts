/** A person's authenticator app (RFC 6238). */
export interface AuthenticatorRow {
  readonly person: string
  /** The shared secret, sealed under the master key. */
  readonly sealedSecret: string
  readonly createdAtMs: number
  /** When its first code was verified; null until then, while it counts for nothing. */
  readonly confirmedAtMs: number | null
  /** The time step of the last code that was accepted: RFC 6238 section 5.2 allows each code once. */
  readonly lastStep: number | null
}

export interface SecondFactorReader {
  authenticator(person: string): Promise<AuthenticatorRow | undefined>
  /** How many recovery codes a person has left. */
  countRecoveryCodes(person: string): Promise<number>
}

export interface SecondFactorWriter extends SecondFactorReader {
  /** Inserts the authenticator of a person, or replaces it. */
  saveAuthenticator(row: AuthenticatorRow): Promise<void>
  /** Replaces the recovery codes of a person. */
  saveRecoveryCodes(person: string, digests: readonly string[]): Promise<void>
  /** Removes a recovery code; returns whether the person had it. */
  takeRecoveryCode(person: string, digest: string): Promise<boolean>
  /** Removes the authenticator and the recovery codes. */
  removeAll(person: string): Promise<void>
}
