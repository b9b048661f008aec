import { expect, test } from 'vitest'
import { hasDueTime, missingInSchedule, scheduleSpec } from './first-schedule.ts'

const URL = 'https://a.example'

test('a schedule calls a URL, and leaves out what has its default', () => {
  expect(scheduleSpec({ schedule: ' @daily ', timeZone: '', url: URL })).toEqual({
    trigger: { kind: 'schedule', schedule: '@daily' },
    steps: [{ call: { url: URL } }],
  })
  expect(scheduleSpec({ schedule: '@daily', timeZone: 'UTC', url: URL }).trigger).not.toHaveProperty(
    'timeZone',
  )
  expect(scheduleSpec({ schedule: '@daily', timeZone: 'Europe/Sofia', url: URL }).trigger).toMatchObject({
    timeZone: 'Europe/Sofia',
  })
})

test.each([
  ['0 3 * * *', '', true],
  ['0 3 * * *', 'Europe/Sofia', true],
  ['0 3 * * *', 'Europe/Sophia', false],
  ['0 3 * *', '', false],
  ['0 3 30 2 *', '', false],
  ['', '', false],
])('"%s" in "%s" has a due time: %s', (schedule, timeZone, expected) => {
  expect(hasDueTime({ schedule, timeZone })).toBe(expected)
})

test('a schedule needs a due time and a URL', () => {
  expect(missingInSchedule({ schedule: '@daily', timeZone: '', url: URL })).toEqual([false, false])
  expect(missingInSchedule({ schedule: '', timeZone: '', url: 'a.example' })).toEqual([
    'Schedule',
    'URL to call',
  ])
})
