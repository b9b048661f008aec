const BUCKET_MICROS = 5
/** Longer latencies count as one second. */
const MICROS_MAX = 1_000_000

/** A histogram of latencies in buckets of 5 µs, so that recording one costs a single addition. */
export class Latencies {
  readonly #buckets = new Uint32Array(MICROS_MAX / BUCKET_MICROS + 1)
  #count = 0

  add(ms: number): void {
    const bucket = Math.min((ms * 1000) / BUCKET_MICROS, this.#buckets.length - 1) >>> 0
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#count += 1
  }

  get count(): number {
    return this.#count
  }

  /**
   * The given percentile in µs: the upper bound of its bucket.
   *
   * @param percent above 0, at most 100
   */
  percentileMicros(percent: number): number {
    const rank = Math.ceil((this.#count * percent) / 100)
    let counted = 0
    for (let bucket = 0; bucket < this.#buckets.length; bucket += 1) {
      counted += this.#buckets[bucket] ?? 0
      if (counted >= rank) return (bucket + 1) * BUCKET_MICROS
    }
    return MICROS_MAX
  }
}
