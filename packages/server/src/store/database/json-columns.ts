import {
  type Grant,
  isUnlabelled,
  type Labels,
  NO_LABELS,
  type PlanLimit,
  type PublicJwk,
  type RateLimit,
} from '@sallyport/core'

const EMPTY: readonly never[] = Object.freeze([])

/** Reads a list of strings; null is the empty list. Most lists are empty, so an empty one is not parsed. */
export function textsFromJson(json: string | null): readonly string[] {
  return json === null || json === '[]' ? EMPTY : (JSON.parse(json) as readonly string[])
}

/** Reads rate limits; null is the empty list. */
export function rateLimitsFromJson(json: string | null): readonly RateLimit[] {
  return json === null || json === '[]' ? EMPTY : (JSON.parse(json) as readonly RateLimit[])
}

/** Reads labels; null for none. */
export function labelsFromJson(json: string | null): Labels {
  return json === null ? NO_LABELS : (JSON.parse(json) as Labels)
}

/** Writes labels; none become null, as in rows from before labels. */
export function labelsToJson(labels: Labels): string | null {
  return isUnlabelled(labels) ? null : JSON.stringify(labels)
}

/** Reads the permissions of a role. */
export function grantsFromJson(json: string): readonly Grant[] {
  return JSON.parse(json) as readonly Grant[]
}

/** Reads the rate limits of a plan. */
export function planLimitsFromJson(json: string): readonly PlanLimit[] {
  return JSON.parse(json) as readonly PlanLimit[]
}

/** Reads a JWK set, or null. */
export function jwksFromJson(json: string | null): { readonly keys: readonly PublicJwk[] } | null {
  return json === null ? null : (JSON.parse(json) as { readonly keys: readonly PublicJwk[] })
}

/** Writes a value as JSON; undefined becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}
