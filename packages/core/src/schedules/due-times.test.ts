import { describe, expect, test } from 'vitest'
import { nextDueMs } from './due-times.ts'
import { isTimeZone } from './time-zones.ts'

const MINUTE_MS = 60_000
const at = (text: string): number => Date.parse(text)

/** The due times from one instant to another. */
function dueTimes(schedule: string, timeZone: string, from: string, until: string): string[] {
  const found: string[] = []
  let due = nextDueMs({ schedule, timeZone }, at(from) - 1)
  while (due !== null && due < at(until)) {
    found.push(new Date(due).toISOString().slice(0, 16))
    due = nextDueMs({ schedule, timeZone }, due)
  }
  return found
}

describe('a due time', () => {
  test.each([
    ['*/5 * * * *', '2026-01-01T00:00Z', '2026-01-01T00:05Z'],
    ['*/5 * * * *', '2025-12-31T23:59:59.999Z', '2026-01-01T00:00Z'],
    ['0 3 * * MON-FRI', '2026-01-01T00:00Z', '2026-01-01T03:00Z'],
    ['30 2 29 2 *', '2026-01-01T00:00Z', '2028-02-29T02:30Z'],
    // Around 2100, which is no leap year, February 29 is a Sunday in 2088 and in 2128.
    ['0 0 29 2 */7', '2088-02-29T00:00Z', '2128-02-29T00:00Z'],
    ['30 2 * * *', '2026-10-25T02:29Z', '2026-10-25T02:30Z'],
    ['0 0 31 2 5', '2026-01-01T00:00Z', '2026-02-06T00:00Z'],
  ])('of %s after %s is %s in UTC', (schedule, after, due) => {
    expect(nextDueMs({ schedule, timeZone: 'UTC' }, at(after))).toBe(at(due))
  })

  test('is null for an invalid schedule and an unknown time zone', () => {
    expect(nextDueMs({ schedule: '60 * * * *', timeZone: 'UTC' }, 0)).toBeNull()
    expect(nextDueMs({ schedule: '0 0 30 2 *', timeZone: 'UTC' }, 0)).toBeNull()
    expect(nextDueMs({ schedule: '* * * * *', timeZone: 'Europe/Bonn' }, 0)).toBeNull()
  })

  test('of a time of the day that is skipped in spring is right after the skipped hour', () => {
    const due = (schedule: string) =>
      dueTimes(schedule, 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-30T12:00Z')
    expect(due('30 2 * * *')).toEqual(['2026-03-29T01:00', '2026-03-30T00:30'])
    expect(due('0,30 2 * * *')).toEqual(['2026-03-29T01:00', '2026-03-30T00:00', '2026-03-30T00:30'])
    expect(due('59 1 * * *')).toEqual(['2026-03-29T00:59', '2026-03-29T23:59'])
    expect(due('0 3 * * *')).toEqual(['2026-03-29T01:00', '2026-03-30T01:00'])
    expect(due('*/30 2 * * *')).toEqual(['2026-03-30T00:00', '2026-03-30T00:30'])
  })

  test('of a time of the day that is repeated in autumn is the first one', () => {
    const due = (schedule: string) =>
      dueTimes(schedule, 'America/New_York', '2026-11-01T04:00Z', '2026-11-01T07:30Z')
    expect(due('30 1 * * *')).toEqual(['2026-11-01T05:30'])
    expect(due('30 0-3 * * *')).toEqual(['2026-11-01T04:30', '2026-11-01T05:30'])
    expect(due('0 2 * * *')).toEqual(['2026-11-01T07:00'])
    expect(due('30 * * * *')).toEqual(['2026-11-01T04:30', '2026-11-01T05:30', '2026-11-01T06:30'])
  })
})

describe('over two years of a time zone', () => {
  const DAY_MS = 24 * 60 * MINUTE_MS
  const FROM_MS = at('2026-01-01T00:00Z')
  const UNTIL_MS = FROM_MS + 2 * 365 * DAY_MS
  const ZONES = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    // Changes by half an hour.
    'Australia/Lord_Howe',
    // Changes by two hours.
    'Antarctica/Troll',
    // Repeats the last hour of a day, and skips the first one.
    'America/Santiago',
    // Winter time is the exception, for Ramadan.
    'Africa/Casablanca',
    'Asia/Kathmandu',
  ]

  /** A local time, as if it were UTC. */
  interface LocalMinute {
    readonly minute: number
    readonly hour: number
    readonly day: number
    readonly month: number
    readonly weekday: number
  }
  interface Case {
    readonly schedule: string
    readonly isContinuous: boolean
    readonly matches: (local: LocalMinute) => boolean
  }
  const CASES: readonly Case[] = [
    {
      schedule: '*/20 0-3 * * *',
      isContinuous: true,
      matches: ({ minute, hour }) => minute % 20 === 0 && hour <= 3,
    },
    { schedule: '30 */1 * * *', isContinuous: true, matches: ({ minute }) => minute === 30 },
    {
      schedule: '30 2 * * *',
      isContinuous: false,
      matches: ({ minute, hour }) => minute === 30 && hour === 2,
    },
    {
      schedule: '0,15,45 0-3,23 * * *',
      isContinuous: false,
      matches: ({ minute, hour }) => [0, 15, 45].includes(minute) && (hour <= 3 || hour === 23),
    },
    {
      schedule: '30 1 1-7 3,10,11 0',
      isContinuous: false,
      matches: ({ minute, hour, day, month, weekday }) =>
        minute === 30 && hour === 1 && [3, 10, 11].includes(month) && (day <= 7 || weekday === 0),
    },
    {
      schedule: '0 14 */10 * 1-5',
      isContinuous: false,
      matches: ({ minute, hour, day, weekday }) =>
        minute === 0 && hour === 14 && [1, 11, 21, 31].includes(day) && weekday >= 1 && weekday <= 5,
    },
  ]

  /** For each case, whether each local minute matches, from a day before the two years to a day after them. */
  const firstLocalMs = FROM_MS - DAY_MS
  const tables = CASES.map(({ matches }) => {
    const table: boolean[] = []
    for (let dayMs = firstLocalMs; dayMs < UNTIL_MS + DAY_MS; dayMs += DAY_MS) {
      const date = new Date(dayMs)
      const [day, month, weekday] = [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCDay()]
      for (let hour = 0; hour < 24; hour += 1) {
        for (let minute = 0; minute < 60; minute += 1)
          table.push(matches({ minute, hour, day, month, weekday }))
      }
    }
    return table
  })

  /** The local minute of each minute, counted from the first one of the tables. Offsets change on half hours only. */
  function localMinutes(timeZone: string): number[] {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
    const local: number[] = []
    for (let halfMs = FROM_MS; halfMs < UNTIL_MS; halfMs += 30 * MINUTE_MS) {
      const localMs = at(`${format.format(halfMs).replace(' ', 'T')}Z`)
      for (let minute = 0; minute < 30; minute += 1) local.push((localMs - firstLocalMs) / MINUTE_MS + minute)
    }
    return local
  }

  /** Walks minute by minute. */
  function model(local: readonly number[], table: readonly boolean[], isContinuous: boolean): number[] {
    const found: number[] = []
    let latest = (local[0] ?? 0) - 1
    for (const [index, minute] of local.entries()) {
      // Each local minute that has not been there yet, among them those that were skipped right before.
      const isDue = isContinuous
        ? table[minute] === true
        : minute > latest &&
          (table[minute] === true || (minute > latest + 1 && table.slice(latest + 1, minute).includes(true)))
      latest = Math.max(latest, minute)
      if (isDue) found.push(FROM_MS + index * MINUTE_MS)
    }
    return found
  }

  test.each(ZONES)('%s has the due times that walking minute by minute finds', (timeZone) => {
    const local = localMinutes(timeZone)
    for (const [index, { schedule, isContinuous }] of CASES.entries()) {
      const found: number[] = []
      let due = nextDueMs({ schedule, timeZone }, FROM_MS - 1)
      while (due !== null && due < UNTIL_MS) {
        found.push(due)
        due = nextDueMs({ schedule, timeZone }, due)
      }
      const expected = model(local, tables[index] ?? [], isContinuous)
      expect(expected.length).toBeGreaterThan(10)
      expect([schedule, found]).toEqual([schedule, expected])
    }
  })
})

describe('a time zone', () => {
  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/GMT+5'])(
    'is %s',
    (name) => expect(isTimeZone(name)).toBe(true),
  )
  test.each([
    '',
    'Local',
    '+02:00',
    'Europe/Bonn',
    ' UTC',
    '../etc/passwd',
    'UTC\n',
    `Europe/${'a'.repeat(99)}`,
  ])('is not %j', (name) => expect(isTimeZone(name)).toBe(false))
})
