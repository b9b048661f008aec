/** The requests of one secret in each part of a roll, from its start to its end. */
export interface LaneValues {
  /** How long a part is, in ms. */
  readonly bucketMs: number
  readonly startMs: number
  readonly endMs: number
  readonly oldSecret: readonly number[]
  readonly newSecret: readonly number[]
}

const MINUTE_MS = 60_000
/** How many parts a roll has at most. */
const BUCKETS_MAX = 48
/** How long a part can be, in minutes. */
const STEPS = [1, 5, 15, 30, 60, 180, 360, 720, 1440] as const

/** The requests with one secret in an interval. */
export interface SecretUse {
  /** The sequence of the secret. */
  readonly sequence: number
  readonly atMs: number
  readonly requests: number
}

/** The length of the parts of a roll, in ms: the shortest with which it has few enough. */
function bucketMsOf(startMs: number, endMs: number): number {
  const minutes =
    STEPS.find((step) => (endMs - startMs) / (step * MINUTE_MS) <= BUCKETS_MAX) ?? STEPS.at(-1) ?? 1
  return minutes * MINUTE_MS
}

/** Sums up the use of both secrets for each part of a roll. @param newest the sequence of the new secret */
export function laneValues(
  uses: readonly SecretUse[],
  newest: number,
  startMs: number,
  endMs: number,
): LaneValues {
  const bucketMs = bucketMsOf(startMs, endMs)
  const firstMs = Math.floor(startMs / bucketMs) * bucketMs
  const length = Math.max(1, Math.ceil((endMs - firstMs) / bucketMs))
  const lane = (isNewest: boolean): readonly number[] => {
    const sums = Array.from({ length }, () => 0)
    for (const { sequence, atMs, requests } of uses) {
      const index = Math.floor((atMs - firstMs) / bucketMs)
      if ((sequence === newest) !== isNewest || index < 0 || index >= length) continue
      sums[index] = (sums[index] ?? 0) + requests
    }
    return sums
  }
  return { bucketMs, startMs: firstMs, endMs, oldSecret: lane(false), newSecret: lane(true) }
}
