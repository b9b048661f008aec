export const EXPIRIES = ['never', '30', '90', '365', 'date'] as const
export type Expiry = (typeof EXPIRIES)[number]

const DAY_MS = 24 * 60 * 60_000

/**
 * When a new key expires.
 *
 * @param date such as `2027-03-01`, for `date`: the key works until the end of that day where the person is
 * @returns a timestamp; null for never
 */
export function expiryOf(expiry: Expiry, date: string, nowMs: number): string | null {
  if (expiry === 'never') return null
  if (expiry === 'date') {
    const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
    return new Date(year, month - 1, day + 1).toISOString()
  }
  return new Date(nowMs + Number(expiry) * DAY_MS).toISOString()
}
