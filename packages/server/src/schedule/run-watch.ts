/** For how long a run of another process must show no sign of life until its process counts as dead, in ms. */
const SILENT_MS_MAX = 30_000
/** The longest time between two looks that still see everything in between, in ms. */
const LOOK_MS_MAX = 10_000

interface Look {
  readonly dueAtMs: number
  readonly beats: number
  readonly sinceMs: number
  readonly seenMs: number
}

/**
 * Watches a run of another process for signs of life. It compares no clocks: it measures by its own monotonic one how
 * long the run's `beats` have not changed, so neither a wrong clock nor a moved one makes a run look dead.
 */
export class RunWatch {
  #look: Look | undefined

  /**
   * Whether the process of the run is dead.
   *
   * @param monotonicMs monotonic, in ms
   */
  isDead({ dueAtMs, beats }: { dueAtMs: number; beats: number }, monotonicMs: number): boolean {
    const look = this.#look
    const isSame = look !== undefined && look.dueAtMs === dueAtMs && look.beats === beats
    // After a break, of this process or of the store, the other process gets its full time again.
    const sinceMs = isSame && monotonicMs - look.seenMs <= LOOK_MS_MAX ? look.sinceMs : monotonicMs
    this.#look = { dueAtMs, beats, sinceMs, seenMs: monotonicMs }
    return monotonicMs - sinceMs >= SILENT_MS_MAX
  }
}
