import type { KeyAgeRecord } from '../feed/records.ts'

/** The id in its organization of the policy for keys of an environment, or for keys without one (null). */
export function keyAgeId(environment: string | null): string {
  return environment ?? ''
}

/**
 * The longest lifetimes of secrets, by organization and environment: a request costs two look-ups, and none if no policy has a
 * maximum. Immutable.
 */
export class KeyLifetimes {
  static readonly NONE = new KeyLifetimes(new Map(), new Map())

  /** By organization, then by id. */
  readonly #records: ReadonlyMap<string, ReadonlyMap<string, KeyAgeRecord>>
  /** The maximum in days of the policies that have one, by organization, then by environment. */
  readonly #days: ReadonlyMap<string, ReadonlyMap<string | null, number>>

  private constructor(
    records: ReadonlyMap<string, ReadonlyMap<string, KeyAgeRecord>>,
    days: ReadonlyMap<string, ReadonlyMap<string | null, number>>,
  ) {
    this.#records = records
    this.#days = days
  }

  static of(records: Iterable<KeyAgeRecord>): KeyLifetimes {
    const byOrganization = Map.groupBy(records, ({ organization }) => organization)
    const byId = new Map<string, ReadonlyMap<string, KeyAgeRecord>>()
    const days = new Map<string, ReadonlyMap<string | null, number>>()
    for (const [organization, own] of byOrganization) {
      byId.set(organization, new Map(own.map((record) => [keyAgeId(record.environment), record])))
      const limited = own.flatMap(({ environment, maxLifetimeDays }) =>
        maxLifetimeDays === null ? [] : [[environment, maxLifetimeDays] as const],
      )
      if (limited.length > 0) days.set(organization, new Map(limited))
    }
    return new KeyLifetimes(byId, days)
  }

  get isEmpty(): boolean {
    return this.#days.size === 0
  }

  /** The maximum of the keys of an environment, or of those without one, in days; null for none. */
  daysOf(organization: string, environment: string | null): number | null {
    return this.#days.get(organization)?.get(environment) ?? null
  }

  with(record: KeyAgeRecord): KeyLifetimes {
    const { organization, environment } = record
    return KeyLifetimes.of([...this.#without(organization, keyAgeId(environment)), record])
  }

  without(organization: string, id: string): KeyLifetimes {
    return KeyLifetimes.of(this.#without(organization, id))
  }

  #without(organization: string, id: string): KeyAgeRecord[] {
    return [...this.records()].filter(
      (record) => record.organization !== organization || keyAgeId(record.environment) !== id,
    )
  }

  *records(): Generator<KeyAgeRecord> {
    for (const own of this.#records.values()) yield* own.values()
  }
}
