import type { RateLimit } from '../pipelines/pipeline-spec.ts'

/**
 * Gives each distinct value a small number, so that a table row can store the number. Values are only ever added, so
 * the snapshots of all revisions share one interner: a number never changes its meaning.
 */
class Interner<T> {
  readonly #values: T[] = []
  readonly #numbers = new Map<string, number>()

  /** @returns the number of a value; two values with the same `identity` are the same value */
  number(value: T, identity: string): number {
    const known = this.#numbers.get(identity)
    if (known !== undefined) return known
    const number = this.#values.push(value) - 1
    this.#numbers.set(identity, number)
    return number
  }

  /**
   * @param number a number that this interner returned
   * @throws RangeError for any other number
   */
  value(number: number): T {
    const value = this.#values[number]
    if (value === undefined) throw new RangeError(`no value has the number ${number}`)
    return value
  }
}

/** The address rules and rate limits of a key; keys with the same rules share one object. */
export interface KeyRules {
  /** Address ranges in CIDR notation; empty when the key works from everywhere. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
}

/** The values that key rows refer to by number. The key tables of all revisions share one. */
export interface InternedValues {
  /** Slugs, environment names and consumer ids. */
  readonly names: Interner<string>
  readonly roleLists: Interner<readonly string[]>
  readonly ruleSets: Interner<KeyRules>
}

export function emptyInternedValues(): InternedValues {
  return { names: new Interner(), roleLists: new Interner(), ruleSets: new Interner() }
}
