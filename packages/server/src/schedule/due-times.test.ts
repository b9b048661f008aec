import { describe, expect, test } from 'vitest'
import { nextDueMs, scheduleProblem } from './due-times.ts'

const NEW_YEAR_MS = Date.UTC(2026, 0, 1)
const MINUTE_MS = 60_000

describe('a due time', () => {
  test.each([
    ['*/5 * * * *', NEW_YEAR_MS, NEW_YEAR_MS + 5 * MINUTE_MS],
    ['*/5 * * * *', NEW_YEAR_MS - 1, NEW_YEAR_MS],
    ['0 3 * * MON-FRI', NEW_YEAR_MS, NEW_YEAR_MS + 180 * MINUTE_MS],
    ['30 2 29 2 *', NEW_YEAR_MS, Date.UTC(2028, 1, 29, 2, 30)],
    // The hour that Central Europe skips in spring and repeats in autumn.
    ['30 2 * * *', Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 2, 29, 2, 30)],
    ['30 2 * * *', Date.UTC(2026, 9, 25, 2, 29), Date.UTC(2026, 9, 25, 2, 30)],
    ['30 2 * * *', Date.UTC(2026, 9, 25, 2, 30), Date.UTC(2026, 9, 26, 2, 30)],
  ])('of %s after %d is computed in UTC', (schedule, afterMs, dueMs) => {
    expect(scheduleProblem(schedule)).toBeUndefined()
    expect(nextDueMs(schedule, afterMs)).toBe(dueMs)
  })

  test('is null for a schedule that never runs', () => {
    expect(nextDueMs('0 0 30 2 *', NEW_YEAR_MS)).toBeNull()
    expect(scheduleProblem('0 0 30 2 *')).toBe('a schedule that runs at least once')
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
  ])('is null for the invalid schedule %j', (schedule) => {
    expect(scheduleProblem(schedule)).toMatch(/^five cron fields/)
    expect(nextDueMs(schedule, NEW_YEAR_MS)).toBeNull()
  })
})
