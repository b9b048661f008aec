import type { ReadUsageInput, Usage } from '@sallyport/sdk'

export type Interval = NonNullable<ReadUsageInput['interval']>

export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/** A time from the start of one interval to the end of another, in ms since 1970. */
export interface Period {
  readonly fromMs: number
  readonly toMs: number
  readonly interval: Interval
}

/** The last intervals, up to the one that it is. */
export function lastIntervals(nowMs: number, interval: Interval, intervals: number): Period {
  const lengthMs = INTERVAL_MS[interval]
  const toMs = (Math.floor(nowMs / lengthMs) + 1) * lengthMs
  return { fromMs: toMs - intervals * lengthMs, toMs, interval }
}

/** One interval of a series. */
export interface Bucket {
  readonly atMs: number
  readonly allowed: number
  readonly refused: number
}

/** The sums of each interval of a period, from the oldest on; zero for those without requests. */
export function bucketsOf({ fromMs, toMs, interval }: Period, sums: readonly Usage[]): readonly Bucket[] {
  const lengthMs = INTERVAL_MS[interval]
  const buckets = Array.from({ length: Math.round((toMs - fromMs) / lengthMs) }, (_, index) => ({
    atMs: fromMs + index * lengthMs,
    allowed: 0,
    refused: 0,
  }))
  for (const { at, allowed, refused } of sums) {
    const bucket = buckets[Math.floor((Date.parse(at) - fromMs) / lengthMs)]
    if (bucket === undefined) continue
    bucket.allowed += allowed
    bucket.refused += refused
  }
  return buckets
}

/** The sum of one group over a whole period. */
export interface GroupSum {
  /** Null for requests that belong to none. */
  readonly group: string | null
  readonly requests: number
  readonly allowed: number
  readonly refused: number
}

/** The sum of each group, that with the most requests first. */
export function groupsOf(sums: readonly Usage[]): readonly GroupSum[] {
  const groups = new Map<string | null, { requests: number; allowed: number; refused: number }>()
  for (const { group, requests, allowed, refused } of sums) {
    const sum = groups.get(group) ?? { requests: 0, allowed: 0, refused: 0 }
    sum.requests += requests
    sum.allowed += allowed
    sum.refused += refused
    groups.set(group, sum)
  }
  return [...groups]
    .map(([group, sum]) => ({ group, ...sum }))
    .toSorted((one, other) => other.requests - one.requests)
}

export function totalOf(sums: readonly Pick<Usage, 'allowed' | 'refused'>[]): {
  readonly allowed: number
  readonly refused: number
} {
  return {
    allowed: sums.reduce((sum, { allowed }) => sum + allowed, 0),
    refused: sums.reduce((sum, { refused }) => sum + refused, 0),
  }
}
