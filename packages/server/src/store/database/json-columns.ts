import type { Grant, PublicJwk, RateLimit } from '@sallyport/core'

const EMPTY: readonly never[] = Object.freeze([])

/** Reads a list of strings; null is the empty list. Most lists are empty, so an empty one is not parsed. */
export function textsFromJson(json: string | null): readonly string[] {
  return json === null || json === '[]' ? EMPTY : (JSON.parse(json) as readonly string[])
}

/** Reads rate limits; null is the empty list. */
export function rateLimitsFromJson(json: string | null): readonly RateLimit[] {
  return json === null || json === '[]' ? EMPTY : (JSON.parse(json) as readonly RateLimit[])
}

/** Reads the permissions of a role. */
export function grantsFromJson(json: string): readonly Grant[] {
  return JSON.parse(json) as readonly Grant[]
}

/** Reads a JWK set, or null. */
export function jwksFromJson(json: string | null): { readonly keys: readonly PublicJwk[] } | null {
  return json === null ? null : (JSON.parse(json) as { readonly keys: readonly PublicJwk[] })
}

/** Writes a value as JSON; undefined becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}
