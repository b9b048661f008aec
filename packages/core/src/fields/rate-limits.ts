import type { RateLimit } from '../pipelines/pipeline-spec.ts'
import type { Branded } from './parsed.ts'

/** The rate limits of a key: at most one per window, because each counts the key and ignores `by`. */
export type KeyRateLimits = Branded<readonly RateLimit[], 'KeyRateLimits'>

/** The list, or the indexes of the limits that repeat an earlier one. */
export type ParsedRateLimits<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly repeated: readonly number[]; readonly problem: string }

/** Parses the rate limits of a trigger, which count by window and by caller. */
export function parseTriggerRateLimits(limits: readonly RateLimit[]): ParsedRateLimits<readonly RateLimit[]> {
  const repeated = repeatedLimits(limits, ({ per, by }) => `${per} ${by}`)
  return repeated.length === 0
    ? { ok: true, value: limits }
    : {
        ok: false,
        repeated,
        problem: 'Another limit has the same window and counts the same caller. Keep one of them.',
      }
}

export function parseKeyRateLimits(limits: readonly RateLimit[]): ParsedRateLimits<KeyRateLimits> {
  const repeated = repeatedLimits(limits, ({ per }) => per)
  return repeated.length === 0
    ? { ok: true, value: limits as KeyRateLimits }
    : { ok: false, repeated, problem: 'Another limit has the same window. Keep one of them.' }
}

/** The indexes of limits that share a counter with an earlier one: one of the two would never take effect. */
export function repeatedLimits<Limit>(
  limits: readonly Limit[],
  counterOf: (limit: Limit) => string,
): readonly number[] {
  const seen = new Set<string>()
  return limits.flatMap((limit, index) => {
    const counter = counterOf(limit)
    if (seen.has(counter)) return [index]
    seen.add(counter)
    return []
  })
}
