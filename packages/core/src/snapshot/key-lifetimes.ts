import type { KeyAgeRecord } from '../feed/records.ts'
import type { InternedValues } from './interned-values.ts'

/** More than any number of an interned name, so that a pair of numbers is one number below 2^53. */
const NAMES_MAX = 2 ** 26

/** The id in its organization of the policy for keys of an environment, or for keys without one (null). */
export function keyAgeId(environment: string | null): string {
  return environment ?? ''
}

/**
 * The longest lifetimes of secrets, by the numbers in the rows of keys: a request costs one look-up of a number, and none
 * if no policy has a maximum. Immutable.
 */
export class KeyLifetimes {
  static readonly NONE = new KeyLifetimes(new Map(), new Map())

  /** By organization and id. */
  readonly #records: ReadonlyMap<string, KeyAgeRecord>
  /** The maximum in days by `numberOf`, of the policies that have one. */
  readonly #days: ReadonlyMap<number, number>

  private constructor(records: ReadonlyMap<string, KeyAgeRecord>, days: ReadonlyMap<number, number>) {
    this.#records = records
    this.#days = days
  }

  /** @param interned has the names, and gets those that it lacks */
  static of(records: Iterable<KeyAgeRecord>, interned: InternedValues): KeyLifetimes {
    const byName = new Map<string, KeyAgeRecord>()
    const days = new Map<number, number>()
    for (const record of records) {
      const { organization, environment, maxLifetimeDays } = record
      byName.set(nameOf(organization, keyAgeId(environment)), record)
      if (maxLifetimeDays === null) continue
      const { names } = interned
      const environmentWord = environment === null ? 0 : names.number(environment, environment) + 1
      days.set(numberOf(names.number(organization, organization), environmentWord), maxLifetimeDays)
    }
    return new KeyLifetimes(byName, days)
  }

  get isEmpty(): boolean {
    return this.#days.size === 0
  }

  /**
   * The maximum of a key, in days; null for none.
   *
   * @param organization and `environment` the words of the key's row
   */
  daysOf(organization: number, environment: number): number | null {
    return this.#days.get(numberOf(organization, environment)) ?? null
  }

  with(record: KeyAgeRecord, interned: InternedValues): KeyLifetimes {
    const name = nameOf(record.organization, keyAgeId(record.environment))
    return KeyLifetimes.of(new Map(this.#records).set(name, record).values(), interned)
  }

  without(organization: string, id: string, interned: InternedValues): KeyLifetimes {
    const others = new Map(this.#records)
    others.delete(nameOf(organization, id))
    return KeyLifetimes.of(others.values(), interned)
  }

  records(): Iterable<KeyAgeRecord> {
    return this.#records.values()
  }
}

/** Slugs contain no space. */
function nameOf(organization: string, id: string): string {
  return `${organization} ${id}`
}

function numberOf(organization: number, environment: number): number {
  return organization * NAMES_MAX + environment
}
