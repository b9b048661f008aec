import type { EnvironmentSecretRecord, EnvironmentView, PathValues } from '@sallyport/core'
import { secretContext } from '../../crypto/seal-contexts.ts'

/**
 * Decrypts a value sealed under the master key.
 *
 * @param context the context that the value was sealed with
 * @throws Error, without the value, when it cannot be decrypted
 */
export type Unseal = (sealed: string, context: string) => string

/** For steps that use no secrets. */
export const NO_SECRETS: PathValues = new Map<string, string>()

/**
 * The decrypted secrets of environments, by name. A secret is decrypted on first use and cached with its record, so that
 * a new value applies with the snapshot that contains it, and an old value is dropped with its record.
 */
export class EnvironmentSecrets {
  readonly #unseal: Unseal
  readonly #lookups = new WeakMap<EnvironmentView['secrets'], PathValues>()
  /** Null for a secret that cannot be decrypted. */
  readonly #values = new WeakMap<EnvironmentSecretRecord, string | null>()

  constructor(unseal: Unseal) {
    this.#unseal = unseal
  }

  /** The secrets of one environment: undefined for a secret that does not exist or cannot be decrypted. */
  of({ secrets }: EnvironmentView): PathValues {
    let lookup = this.#lookups.get(secrets)
    if (lookup === undefined) {
      const records = new Map([...secrets.values()].map((record) => [record.name, record]))
      lookup = { get: (name) => this.#valueOf(records.get(name)) }
      this.#lookups.set(secrets, lookup)
    }
    return lookup
  }

  #valueOf(record: EnvironmentSecretRecord | undefined): string | undefined {
    if (record === undefined) return undefined
    let value = this.#values.get(record)
    if (value === undefined) {
      value = this.#decrypt(record)
      this.#values.set(record, value)
    }
    return value ?? undefined
  }

  #decrypt(record: EnvironmentSecretRecord): string | null {
    try {
      return this.#unseal(record.sealedValue, secretContext(record))
    } catch {
      // The user of the secret reports the failure with the secret's name.
      return null
    }
  }
}
