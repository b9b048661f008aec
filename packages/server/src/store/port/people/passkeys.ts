/** A passkey (a WebAuthn credential) of a person. */
export interface PasskeyRow {
  readonly person: string
  readonly id: string
  /** In base64url; unique. */
  readonly credentialId: string
  /** The person's name for it. */
  readonly name: string
  /** The COSE key in base64url. */
  readonly publicKey: string
  readonly signCount: number
  /** Whether it can be on several devices of the person. */
  readonly backupEligible: boolean
  readonly transports: readonly string[]
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | null
}

export interface PasskeyReader {
  get(person: string, id: string): Promise<PasskeyRow | undefined>
  byCredential(credentialId: string): Promise<PasskeyRow | undefined>
  /** Oldest first. */
  ofPerson(person: string): Promise<readonly PasskeyRow[]>
}

export interface PasskeyWriter extends PasskeyReader {
  /** @throws Problem `conflict` when the credential is known already */
  insert(row: PasskeyRow): Promise<void>
  /** Replaces name, counter and last use; other columns stay. */
  update(row: PasskeyRow): Promise<void>
  remove(person: string, id: string): Promise<void>
}
