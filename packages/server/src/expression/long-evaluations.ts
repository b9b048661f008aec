/**
 * An evaluation of up to so much CPU time delays others about as little as the scheduler does anyway, in ms. Time in which it
 * waits for a core does not count: others cause it.
 */
const SHORT_MS = 10

/** The share of the time for which an organization's evaluations may exceed `SHORT_MS` without a lower priority. */
const SHARE = 0.01
/** How much they may exceed it at once, in ms. */
const BURST_MS = 200
/** More than this is not remembered, in ms: after an end of the load it takes 200 s until nothing is left of it. */
const REMEMBERED_MS_MAX = 2000

/** Beyond this number of organizations, those without anything to remember are removed. */
const SWEEP_SIZE = 1024

/**
 * Knows which organizations evaluate expressions that take long.
 *
 * It is a leaky bucket for each organization, which contains the CPU time by which its evaluations were longer than 10 ms.
 */
export class LongEvaluations {
  readonly #nowMs: () => number
  /** When the bucket of an organization will be empty, in monotonic ms. */
  readonly #emptyAtMs = new Map<string, number>()

  /** @param nowMs monotonic milliseconds */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /** Counts an evaluation that took so many milliseconds of CPU time. */
  add(organization: string, cpuMs: number): void {
    if (cpuMs <= SHORT_MS) return
    const nowMs = this.#nowMs()
    if (this.#emptyAtMs.size >= SWEEP_SIZE) this.#sweep(nowMs)
    const emptyAtMs = Math.max(nowMs, this.#emptyAtMs.get(organization) ?? 0) + (cpuMs - SHORT_MS) / SHARE
    this.#emptyAtMs.set(organization, Math.min(emptyAtMs, nowMs + REMEMBERED_MS_MAX / SHARE))
  }

  /** Whether the organization has used up its time for long evaluations. */
  isUsedUp(organization: string): boolean {
    const emptyAtMs = this.#emptyAtMs.get(organization)
    return emptyAtMs !== undefined && emptyAtMs - this.#nowMs() >= BURST_MS / SHARE
  }

  #sweep(nowMs: number): void {
    for (const [organization, emptyAtMs] of this.#emptyAtMs) {
      if (emptyAtMs <= nowMs) this.#emptyAtMs.delete(organization)
    }
  }
}
