const BUCKET_MICROS = 5
/** Whatever took longer counts as one second. */
const MICROS_MAX = 1_000_000

/** How long answers took, in buckets of 5 µs, so that counting one costs an addition whatever their number. */
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
   * The time within which that share of the answers came, in µs; the upper edge of its bucket.
   *
   * @param percent above 0, at most 100
   */
  percentileMicros(percent: number): number {
    const wanted = Math.ceil((this.#count * percent) / 100)
    let seen = 0
    for (let bucket = 0; bucket < this.#buckets.length; bucket += 1) {
      seen += this.#buckets[bucket] ?? 0
      if (seen >= wanted) return (bucket + 1) * BUCKET_MICROS
    }
    return MICROS_MAX
  }
}
