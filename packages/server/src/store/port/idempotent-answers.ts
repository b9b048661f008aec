/** The kept answer of a POST, so that repeating it does nothing twice. */
export interface IdempotencyRow {
  /** Who asked: a key's id, or `setup`. */
  readonly scope: string
  readonly key: string
  /** SHA-256 of method, path and body: the same key with another request is a conflict. */
  readonly requestDigest: string
  /** The result, sealed under the master key, since it can hold a token. */
  readonly sealedResult: string
  readonly createdAtMs: number
}

export interface IdempotencyReader {
  find(scope: string, key: string): Promise<IdempotencyRow | undefined>
}

export interface IdempotencyWriter extends IdempotencyReader {
  save(row: IdempotencyRow): Promise<void>
  /** Forgets answers made before that time. */
  prune(beforeMs: number): Promise<void>
}
