import type { EnvironmentSecretRecord, EnvironmentView, PathValues } from '@sallyport/core'
import { secretContext } from '../../crypto/seal-contexts.ts'

/**
 * Opens what is sealed under the master key.
 *
 * @param context what it is and whose: it only opens under the context that it was sealed with
 * @throws Error when it cannot be opened; it says nothing of the value
 */
export type Unseal = (sealed: string, context: string) => string

/** No secrets, for what asks for none. */
export const NO_SECRETS: PathValues = new Map<string, string>()

/**
 * The secrets of environments in the clear, by name. Each is opened when it is first asked for and kept with its
 * record, so that a new value is in force with the snapshot that brings it, and an old one goes with its record.
 */
export class EnvironmentSecrets {
  readonly #unseal: Unseal
  readonly #lookups = new WeakMap<EnvironmentView['secrets'], PathValues>()
  /** Null where one cannot be opened. */
  readonly #values = new WeakMap<EnvironmentSecretRecord, string | null>()

  constructor(unseal: Unseal) {
    this.#unseal = unseal
  }

  /** The secrets of one environment: undefined for one that is not there, and for one that cannot be opened. */
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
      value = this.#open(record)
      this.#values.set(record, value)
    }
    return value ?? undefined
  }

  #open(record: EnvironmentSecretRecord): string | null {
    try {
      return this.#unseal(record.sealedValue, secretContext(record))
    } catch {
      // What is wrong is told where the secret is used, by its name.
      return null
    }
  }
}
