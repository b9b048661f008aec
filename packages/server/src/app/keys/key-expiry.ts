import type { FieldError } from '../refusals.ts'

/** The last instant that RFC 3339 can express, 9999-12-31T23:59:59.999Z, in ms since 1970. */
const INSTANT_MS_MAX = 253_402_300_799_999

/** The problems of the instant at which a key expires; null means that it never expires. */
export function expiryErrors(path: string, expiresAtMs: number | null, nowMs: number): FieldError[] {
  if (expiresAtMs === null) return []
  if (!Number.isInteger(expiresAtMs) || expiresAtMs > INSTANT_MS_MAX) {
    return [{ path, message: 'Use an RFC 3339 timestamp, such as 2027-01-31T00:00:00Z.' }]
  }
  return expiresAtMs <= nowMs ? [{ path, message: 'A key expires in the future, or never (null).' }] : []
}
