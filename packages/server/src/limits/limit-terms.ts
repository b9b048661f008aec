/** How long a gateway waits between two exchanges with the store, in ms. */
export const PERIOD_MS = 100

/**
 * How long what a gateway counted is unknown to the store at most, in ms: a period, the answer of the exchange before, and
 * the way to the store.
 */
export function untoldMsMax(waitMs: number): number {
  return PERIOD_MS + 2 * waitMs
}

/**
 * How long what one gateway allowed is unknown to another one at most, in ms, while the store answers: until the store has
 * it, and then until the other gateway has asked again. A counter is exchanged for as long after its last request, so that
 * one in use is never out of date by more.
 */
export function unknownMsMax(waitMs: number): number {
  return 2 * untoldMsMax(waitMs)
}

/** How many counters one round exchanges at most. Beyond that a round takes several periods. */
export const COUNTERS_PER_ROUND_MAX = 2_000

/** How many counters one script call handles at most: the store does nothing else meanwhile, some 0.3 ms. */
export const COUNTERS_PER_CALL_MAX = 100

/** How many requests of a gateway wait for the store at a time. Further ones are decided in its memory. */
export const WAITING_REQUESTS_MAX = 10_000
