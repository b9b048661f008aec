/** A signed statement about the end of an organization's audit log at some time. */
export interface AuditCheckpoint {
  readonly organization: string
  /** The newest event at that time. */
  readonly sequence: number
  /** Its hash, which depends on every event before it. */
  readonly hash: string
  /** When the statement was signed, in ms since 1970. */
  readonly atMs: number
  /** The id of the key that signed it. */
  readonly keyId: string
  /** An Ed25519 signature (RFC 8032) in Base64url. */
  readonly signature: string
}

/** The key pair of the installation that signs checkpoints of audit logs. */
export interface AuditKeyRow {
  /** See `auditKeyId`. */
  readonly id: string
  /** The public key, SubjectPublicKeyInfo as PEM. */
  readonly publicKey: string
  /** The private key, PKCS #8 as PEM, sealed under the master key. */
  readonly sealedPrivateKey: string
  readonly createdAtMs: number
}

/** How far the signatures of an organization's audit log reach. */
export interface SignedOrganization {
  readonly organization: string
  /** The newest event; 0 if there is none. */
  readonly newest: number
  /** The event of the newest checkpoint; 0 if there is none. */
  readonly signed: number
  /** When that checkpoint was signed; 0 if there is none. */
  readonly signedAtMs: number
}

/** What signing audit logs keeps. It changes nothing that people do, so it needs no audit record and no revision. */
export interface AuditSigning {
  /** The key; undefined before the first checkpoint. */
  key(): Promise<AuditKeyRow | undefined>
  /**
   * Stores the key unless there is one.
   *
   * @returns the stored key, which is another process's if that came first
   */
  putKey(row: AuditKeyRow): Promise<AuditKeyRow>
  /** Stores a checkpoint unless there is one of the same event. */
  addCheckpoint(checkpoint: AuditCheckpoint): Promise<void>
  /** The checkpoints of events after one sequence and up to another, in their order. */
  checkpoints(organization: string, after: number, through: number): Promise<readonly AuditCheckpoint[]>
  /** Organizations in the order of their slugs. */
  organizations(afterSlug: string, limit: number): Promise<readonly SignedOrganization[]>
}
