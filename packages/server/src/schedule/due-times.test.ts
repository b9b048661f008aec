import { describe, expect, test } from 'vitest'
import { nextDueMs, scheduleProblem } from './due-times.ts'

const NEW_YEAR_MS = Date.UTC(2026, 0, 1)
const MINUTE_MS = 60_000

describe('A due time', () => {
  test.each([
    ['*/5 * * * *', NEW_YEAR_MS, NEW_YEAR_MS + 5 * MINUTE_MS],
    ['*/5 * * * *', NEW_YEAR_MS - 1, NEW_YEAR_MS],
    ['0 3 * * MON-FRI', NEW_YEAR_MS, NEW_YEAR_MS + 180 * MINUTE_MS],
    ['30 2 29 2 *', NEW_YEAR_MS, Date.UTC(2028, 1, 29, 2, 30)],
    // The hour that Central Europe leaves out in spring, and the one that it has twice in autumn.
    ['30 2 * * *', Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 2, 29, 2, 30)],
    ['30 2 * * *', Date.UTC(2026, 9, 25, 2, 29), Date.UTC(2026, 9, 25, 2, 30)],
    ['30 2 * * *', Date.UTC(2026, 9, 25, 2, 30), Date.UTC(2026, 9, 26, 2, 30)],
  ])('of %s after %d is the next one, in UTC', (schedule, afterMs, dueMs) => {
    expect(scheduleProblem(schedule)).toBeUndefined()
    expect(nextDueMs(schedule, afterMs)).toBe(dueMs)
  })

  test('there is none for what never comes', () => {
    expect(nextDueMs('0 0 30 2 *', NEW_YEAR_MS)).toBeNull()
    expect(scheduleProblem('0 0 30 2 *')).toBe('a schedule that comes at some time')
  })

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '*/0 * * * *',
    'a b c d e',
    '0 0 1 1 * 2030',
  ])('%j is no schedule', (schedule) => {
    expect(scheduleProblem(schedule)).toMatch(/^five fields of cron/)
    expect(nextDueMs(schedule, NEW_YEAR_MS)).toBeNull()
  })
})
