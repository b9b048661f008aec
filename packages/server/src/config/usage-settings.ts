import type { UsageDays } from './config.ts'
import { parseList, quoted, SettingError } from './setting-values.ts'

const DEFAULTS: UsageDays = { minute: 2, hour: 90, day: 730 }
const DAYS_MAX: UsageDays = { minute: 31, hour: 400, day: 3660 }
const ENTRY = /^(minute|hour|day)=(\d{1,4})$/
const ROWS_MIN = 10_000
const ROWS_MAX = 1_000_000_000

/** How long the sums of minutes, hours and days are kept. */
export function parseUsageDays(text: string): UsageDays {
  const days: Record<keyof UsageDays, number> = { ...DEFAULTS }
  const seen = new Set<string>()
  parseList(text, (entry): void => {
    const [, interval, number] = ENTRY.exec(entry) ?? []
    if (interval !== 'minute' && interval !== 'hour' && interval !== 'day') {
      throw new SettingError(
        `${quoted(entry)} is no time to keep counts. Use minute=days, hour=days or day=days, such as hour=90.`,
      )
    }
    if (seen.has(interval)) throw new SettingError(`${quoted(entry)} repeats ${interval}. Set each one once.`)
    seen.add(interval)
    days[interval] = Number(number)
    if (days[interval] < 1 || days[interval] > DAYS_MAX[interval]) {
      throw new SettingError(
        `${quoted(entry)} is not valid. Use 1 to ${DAYS_MAX[interval]} days for ${interval}.`,
      )
    }
  })
  return days
}

export function parseUsageRows(text: string): number {
  const rows = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (rows < ROWS_MIN || rows > ROWS_MAX) {
    throw new SettingError(
      `${quoted(text)} is not valid. Use a whole number from ${ROWS_MIN} to ${ROWS_MAX}.`,
    )
  }
  return rows
}
