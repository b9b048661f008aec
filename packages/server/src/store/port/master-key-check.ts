/** A stored value that is sealed under the master key, and the resource that owns it. */
export interface SealedValue {
  readonly kind: 'signing-key' | 'environment-secret'
  readonly organization: string
  readonly environment: string
  readonly id: string
  readonly sealed: string
}

/** The database's check value of the master key, which shows whether a key is the one that sealed its secrets. */
export interface MasterKeyCheck {
  /** The stored check value; undefined before the first start. */
  get(): Promise<string | undefined>
  /**
   * Stores the value unless there is one.
   *
   * @returns the stored value, which is another process's if that came first
   */
  put(value: string, atMs: number): Promise<string>
  /** Any sealed value; undefined when the database has none. */
  anySealed(): Promise<SealedValue | undefined>
}
