import type { RateLimit } from '@sallyport/core'

const EMPTY: readonly never[] = Object.freeze([])

/**
 * Reads texts that we wrote as JSON; null is none. Most lists of most keys are empty, and an empty one costs nothing
 * to read.
 */
export function textsFromJson(json: string | null): readonly string[] {
  return json === null || json === '[]' ? EMPTY : (JSON.parse(json) as readonly string[])
}

/** Reads rate limits that we wrote as JSON; null is none. */
export function rateLimitsFromJson(json: string | null): readonly RateLimit[] {
  return json === null || json === '[]' ? EMPTY : (JSON.parse(json) as readonly RateLimit[])
}

/** Writes a value as JSON; what is undefined becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}
