import type { RateLimit } from '@sallyport/core'

const EMPTY: readonly never[] = Object.freeze([])

/** Reads texts that we wrote as JSON. Most lists of most keys are empty, and an empty one costs nothing to read. */
export function textsFromJson(json: string): readonly string[] {
  return json === '[]' ? EMPTY : (JSON.parse(json) as readonly string[])
}

/** Reads rate limits that we wrote as JSON. */
export function rateLimitsFromJson(json: string): readonly RateLimit[] {
  return json === '[]' ? EMPTY : (JSON.parse(json) as readonly RateLimit[])
}

/** Writes a value as JSON; what is undefined becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}
