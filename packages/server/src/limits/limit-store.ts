/** A counter as a gateway knows it. */
export interface KnownCounter {
  /** Its key in the store. */
  readonly key: string
  /** The limit: a burst of `requests` that refills over `windowMs`. */
  readonly requests: number
  readonly windowMs: number
  /** The level that the gateway knows of, in requests. */
  readonly level: number
}

/** A counter with the requests that a gateway allowed by itself since it last told the store. */
export interface CountedCounter extends KnownCounter {
  /** In requests. It is not part of what the store has, and `level` includes it. */
  readonly count: number
}

/** The counters of one request, of which all are charged or none. */
export type Charge = readonly KnownCounter[]

/**
 * The store that gateways share, as the limiter uses it. Each call is answered within the wait of the store, or with null:
 * then the store may have done it or not, and the gateway decides by itself.
 */
export interface LimitStore {
  /** Whether it answers. While it does not, no call is made. */
  readonly isUp: boolean
  /** Grows each time that the store answers again: what was known before may have changed meanwhile. */
  readonly era: number
  /** How long an answer is waited for, in ms. */
  readonly waitMs: number
  /**
   * Charges one request under all of its counters, or under none if one of them is exceeded. The requests of one turn
   * travel together.
   *
   * @returns the level of each counter, in requests, before the charge
   */
  charge(charge: Charge): Promise<readonly number[] | null>
  /**
   * Adds what a gateway counted, and reads what all counted.
   *
   * @param counters at most `COUNTERS_PER_CALL_MAX`
   * @returns the level of each counter, in requests; below 0 for one that was drained before
   */
  exchange(counters: readonly CountedCounter[]): Promise<readonly number[] | null>
}
