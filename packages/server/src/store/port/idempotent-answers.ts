/** The stored answer of a POST, so that a repeated request has no second effect. */
export interface IdempotencyRow {
  /** The caller: a key's id, or `setup`. */
  readonly scope: string
  readonly key: string
  /** SHA-256 of method, path and body. The same key with another digest is a conflict. */
  readonly requestDigest: string
  /** Sealed under the master key, because it can contain a token. */
  readonly sealedResult: string
  readonly createdAtMs: number
}

export interface IdempotencyReader {
  find(scope: string, key: string): Promise<IdempotencyRow | undefined>
}

export interface IdempotencyWriter extends IdempotencyReader {
  save(row: IdempotencyRow): Promise<void>
  /** Deletes answers created before `beforeMs`. */
  prune(beforeMs: number): Promise<void>
}
