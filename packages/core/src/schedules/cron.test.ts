import { describe, expect, test } from 'vitest'
import { parseCron } from './cron.ts'

describe('a schedule', () => {
  test.each([
    ['1,5-9/2 * * * *', { minutes: [1, 5, 7, 9] }],
    ['*/25 23 * * *', { minutes: [0, 25, 50], hours: [23] }],
    ['0 0 1 JAN,mar-May *', { months: [1, 3, 4, 5] }],
    ['0 0 * * 7', { daysOfWeek: [0] }],
    ['0 0 * * 5-7', { daysOfWeek: [0, 5, 6] }],
    ['0 0 * * FRI-SUN', { daysOfWeek: [0, 5, 6] }],
    ['0 0 * * Sun-Tue', { daysOfWeek: [0, 1, 2] }],
    ['0 14 */10 * 1-5', { daysOfMonth: [1, 11, 21, 31], needsBothDays: true, isContinuous: false }],
    ['0 14 1-31/10 * 1-5', { daysOfMonth: [1, 11, 21, 31], needsBothDays: false }],
    ['0 14 1 * */2', { daysOfWeek: [0, 2, 4, 6], needsBothDays: true }],
    ['0 */2 * * *', { isContinuous: true }],
    ['*,5 2 * * *', { isContinuous: true }],
    ['0-59 0-23 * * *', { isContinuous: false }],
    ['@HOURLY', { minutes: [0], isContinuous: true }],
    ['@weekly', { minutes: [0], hours: [0], daysOfWeek: [0], needsBothDays: true }],
    ['0 0 31 2 5', { daysOfMonth: [31], months: [2], daysOfWeek: [5], needsBothDays: false }],
    ['0 0 29 2 *', { daysOfMonth: [29] }],
    ['0 0 31 2,12 *', { months: [2, 12] }],
  ])('%s is read like by cronie', (schedule, fields) => {
    expect(parseCron(schedule)).toMatchObject(fields)
  })

  test.each([
    ['0 0 30 2 *', /never comes/],
    ['0 0 31 4,6,9,11 *', /never comes/],
    ['0 0 31 2 */2', /never comes/],
    ['0 0 */30 2 1', undefined],
    ['60 * * * *', /The minute "60" has a value that is not one of 0 to 59/],
    ['* 24 * * *', /The hour "24"/],
    ['* * 0 * *', /The day of the month "0"/],
    ['* * * 13 *', /The month "13"/],
    ['* * * * 8', /The day of the week "8"/],
    ['* * * mon *', /The month "mon"/],
    ['jan * * * *', /The minute "jan"/],
    ['*/0 * * * *', /a step of 0/],
    ['5/15 * * * *', /write 5-59\/15/],
    ['9-5 * * * *', /ends before it begins/],
    ['* * * * sat-mon', /ends before it begins/],
    ['0~30 * * * *', /not a list/],
    ['0 0 L * *', /not a list/],
    ['0 0 ? * *', /not a list/],
    ['0 0 * * 5#2', /not a list/],
    ['1,,2 * * * *', /not a list/],
    ['-1 * * * *', /not a list/],
    ['', /five fields/],
    ['* * * *', /five fields/],
    ['* * * * * *', /five fields/],
    ['*  * * * *', /five fields/],
    ['* * * * *\n', /not a list/],
    ['@reboot', /no due time/],
    ['@often', /unknown/],
    ['@constructor', /unknown/],
    ['1,'.repeat(60) + '1 * * * *', /at most 100 characters/],
  ])('%j is refused with a reason', (schedule, message) => {
    const found = parseCron(schedule)
    const problem = 'message' in found ? found.message : undefined
    expect(problem === undefined ? undefined : message?.test(problem)).toBe(
      message === undefined ? undefined : true,
    )
  })
})
