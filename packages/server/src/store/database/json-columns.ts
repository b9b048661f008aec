import type { PublicJwk, RateLimit } from '@sallyport/core'

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

/** Reads a set of public keys that we wrote as JSON; null is none. */
export function jwksFromJson(json: string | null): { readonly keys: readonly PublicJwk[] } | null {
  return json === null ? null : (JSON.parse(json) as { readonly keys: readonly PublicJwk[] })
}

/** Writes a value as JSON; what is undefined becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}
