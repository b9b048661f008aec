import { expect, test } from 'vitest'
import { localTime, nextDueTimes } from './next-due-times.ts'

function times(schedule: string, timeZone: string, after: string): readonly string[] {
  return nextDueTimes({ schedule, timeZone }, Date.parse(after), 3).map((atMs) =>
    new Date(atMs).toISOString(),
  )
}

test('due times follow each other, and the one of now is over', () => {
  expect(times('0 3 * * *', 'UTC', '2026-11-29T03:00:00Z')).toEqual([
    '2026-11-30T03:00:00.000Z',
    '2026-12-01T03:00:00.000Z',
    '2026-12-02T03:00:00.000Z',
  ])
  expect(times('0 3 * * *', 'UTC', '2026-11-29T02:59:59Z')[0]).toBe('2026-11-29T03:00:00.000Z')
})

test('a time that the zone skips is due when it has skipped it', () => {
  expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
    '2026-03-31T00:30:00.000Z',
  ])
})

test('a schedule that is invalid or never comes has none', () => {
  expect(times('0 3 * *', 'UTC', '2026-11-29T03:00:00Z')).toEqual([])
  expect(times('0 0 30 2 *', 'UTC', '2026-11-29T03:00:00Z')).toEqual([])
  expect(times('0 3 * * *', 'Europe/Nowhere', '2026-11-29T03:00:00Z')).toEqual([])
})

test('a due time is told in the time of a zone', () => {
  const atMs = Date.parse('2026-11-30T02:00:00Z')
  expect(localTime(atMs, 'Europe/Berlin')).toMatch(/^Mon,? 30 Nov 2026, 03:00 CET$/)
  expect(localTime(atMs, 'UTC')).toMatch(/^Mon,? 30 Nov 2026, 02:00 UTC$/)
})
