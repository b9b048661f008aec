import type { Labels } from '../labels/labels.ts'
import type { RateLimit } from '../pipelines/pipeline-spec.ts'

/** About how much memory a value takes besides its identity, in characters. */
const VALUE_CHARS = 32

/**
 * Gives each distinct value a small number, so that a table row can store the number. Values are only ever added, so
 * the snapshots of many revisions share one interner: a number never changes its meaning.
 */
class Interner<T> {
  readonly #values: T[] = []
  /** In the order of the numbers. */
  readonly #numbers = new Map<string, number>()
  /** About how much memory the values take, in characters. */
  chars = 0

  /** @returns the number of a value; two values with the same `identity` are the same value */
  number(value: T, identity: string): number {
    const known = this.#numbers.get(identity)
    if (known !== undefined) return known
    const number = this.#values.push(value) - 1
    this.#numbers.set(identity, number)
    this.chars += identity.length + VALUE_CHARS
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

  /** Adds values of this interner to another one, each when it is asked for: from its number here to the one there. */
  movingTo(other: Interner<T>): (number: number) => number {
    const identities = [...this.#numbers.keys()]
    const moved: number[] = []
    return (number) => (moved[number] ??= other.number(this.value(number), identities[number] ?? ''))
  }
}

/** The address rules, rate limits and labels of a key; keys that have the same share one object. */
export interface KeyRules {
  /** Address ranges in CIDR notation; empty when the key works from everywhere. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  readonly labels: Labels
}

/** The values that key rows refer to by number. The key tables of many revisions share them. */
export interface InternedValues {
  /** Slugs, environment names and consumer ids. */
  readonly names: Interner<string>
  readonly roleLists: Interner<readonly string[]>
  readonly ruleSets: Interner<KeyRules>
}

export function emptyInternedValues(): InternedValues {
  return { names: new Interner(), roleLists: new Interner(), ruleSets: new Interner() }
}

/** About how much memory the values take, in characters. */
export function internedChars({ names, roleLists, ruleSets }: InternedValues): number {
  return names.chars + roleLists.chars + ruleSets.chars
}
