import type { RateLimit } from '@sallyport/core'
import { RATE_LIMIT_REQUESTS_MAX, RATE_LIMITS_MAX, WINDOW_MS } from '@sallyport/core'
import type { FieldError } from '../refusals.ts'

/** The last instant that RFC 3339 can write, 9999-12-31T23:59:59.999Z, in ms. */
const INSTANT_MS_MAX = 253_402_300_799_999

/** What is wrong with the instant at which a key is to expire. */
export function expiryErrors(path: string, expiresAtMs: number | null, nowMs: number): FieldError[] {
  if (expiresAtMs === null) return []
  if (!Number.isInteger(expiresAtMs) || expiresAtMs > INSTANT_MS_MAX) {
    return [{ path, message: 'This is not an instant.' }]
  }
  return expiresAtMs <= nowMs ? [{ path, message: 'A key expires in the future, or not at all.' }] : []
}

/** What is wrong with a key's rate limits. They count the key, whatever `by` says, so each window comes once. */
export function rateLimitErrors(path: string, limits: readonly RateLimit[]): FieldError[] {
  if (limits.length > RATE_LIMITS_MAX) {
    return [{ path, message: `A key has at most ${RATE_LIMITS_MAX} rate limits.` }]
  }
  return limits.flatMap(({ requests, per }, index) => {
    if (!Number.isInteger(requests) || requests < 1 || requests > RATE_LIMIT_REQUESTS_MAX) {
      const message = `A limit is 1 to ${RATE_LIMIT_REQUESTS_MAX} requests.`
      return [{ path: `${path}/${index}/requests`, message }]
    }
    const twin = limits.findIndex((other) => other.per === per)
    return twin < index || !Object.hasOwn(WINDOW_MS, per)
      ? [{ path: `${path}/${index}/per`, message: 'A key has one limit for each window.' }]
      : []
  })
}
