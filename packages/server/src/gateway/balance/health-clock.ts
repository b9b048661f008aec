/** The time and the chance of health checks. */
export interface HealthClock {
  /** Calls back once after a time in ms. @returns a function that ends that */
  readonly after: (waitMs: number, callback: () => void) => () => void
  /** From 0 to 1. */
  readonly random: () => number
}

export const HEALTH_CLOCK: HealthClock = {
  after(waitMs, callback) {
    const timer = setTimeout(callback, waitMs).unref()
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}
