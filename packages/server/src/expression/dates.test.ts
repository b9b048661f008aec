import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { makeExactJson } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { Sandbox } from './sandbox.ts'

const LIBRARY = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8')
const LIMITS = { evaluationMs: 20_000, resultCharsMax: 1_000_000 }
const sandbox = new Sandbox({ library: LIBRARY, exactJson: makeExactJson.toString() }, LIMITS)

/** The value of an expression, or the reason of its failure. */
const valueOf = (expression: string, message: unknown = {}): unknown => {
  const result = sandbox.evaluate({ expressions: [expression], message: JSON.stringify(message) })
  if (result.kind === 'failed') return `failed: ${result.reason}`
  const [text] = result.values
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}

const FAILED = 'failed: error'
const text = (value: unknown): string => JSON.stringify(value)

const INSTANTS = [
  '0000-01-01T23:59:59.999Z',
  '0001-02-03T04:05:06.007Z',
  '0099-12-31T12:00:00.000Z',
  '0999-12-31T23:30:00.050Z',
  '1582-10-15T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '2000-02-29T00:30:00.500Z',
  '2016-01-03T11:59:59.100Z',
  '2020-12-31T12:00:00.010Z',
  '2021-01-03T00:00:00.000Z',
  '2024-03-31T00:59:59.999Z',
  '2024-03-31T01:00:00.000Z',
  '2024-10-27T00:59:59.999Z',
  '2024-10-27T01:00:00.000Z',
  '2026-11-28T21:00:00.120Z',
  '9999-12-30T12:12:12.012Z',
].map((iso) => Date.parse(iso))

/** Offsets as they are written, and their minutes. */
const OFFSETS: readonly (readonly [zone: string, minutes: number])[] = [
  ...['Z', 'z', '+00:00', '-00:00', '+0000', '+00', 'UTC', 'Etc/UTC'].map((zone) => [zone, 0] as const),
  ['+05:00', 300],
  ['+0500', 300],
  ['+05', 300],
  ['0530', 330],
  ['-0530', -330],
  ['-05:30', -330],
  ['-00:30', -30],
  ['-0001', -1],
  ['+05:45', 345],
  ['+14:00', 840],
  ['-12:00', -720],
  ['+23:59', 1439],
  ['-23:59', -1439],
  ['Etc/GMT+5', -300],
  ['Etc/GMT-14', 840],
]

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** The obvious model: the fields of a date moved by the offset. */
const modelIso = (millis: number, minutes: number): string => {
  const local = new Date(millis + minutes * 60_000)
  const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`
  return local.toISOString().slice(0, -1) + (minutes === 0 ? 'Z' : zone)
}

const isInRange = (millis: number, minutes: number): boolean => {
  const year = new Date(millis + minutes * 60_000).getUTCFullYear()
  return year >= 0 && year <= 9999
}

const cases = OFFSETS.flatMap(([zone, minutes]) => INSTANTS.map((millis) => ({ zone, minutes, millis })))

describe('an offset', () => {
  test('moves the date as ISO 8601 says', () => {
    const results = cases.map(({ zone, millis }) =>
      valueOf(`$fromMillis(${millis}, undefined, ${text(zone)})`),
    )
    expect(results).toEqual(
      cases.map(({ millis, minutes }) => (isInRange(millis, minutes) ? modelIso(millis, minutes) : FAILED)),
    )
    expect(new Set(results).size).toBeGreaterThan(200)
  })

  test('comes back from the text that it has in every picture', () => {
    const pictures = [
      '[Z]',
      '[z]',
      '[Z0000]',
      '[Z00:00]',
      '[Z0:00]',
      '[Z0]',
      '[Z00]',
      '[Z000]',
      '[Z01:01t]',
      '[z01.01]',
    ].map((zone) => `[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001] ${zone}`)
    const fitting = cases.filter(
      ({ millis, minutes }, index) => index % 3 === 0 && isInRange(millis, minutes),
    )
    for (const { zone, millis } of fitting) {
      const back = pictures.map((picture) =>
        valueOf(`$toMillis($fromMillis(${millis}, ${text(picture)}, ${text(zone)}), ${text(picture)})`),
      )
      expect([zone, ...back]).toEqual([zone, ...pictures.map(() => millis)])
    }
  })

  test.each([
    ['[Z]', '-05:30'],
    ['[Z0]', '-5:30'],
    ['[Z00]', '-05:30'],
    ['[Z0000]', '-0530'],
    ['[Z000]', '-530'],
    ['[Z0:00]', '-5:30'],
    ['[z]', 'GMT-05:30'],
    ['[Z٠٠:٠٠]', '-٠٥:٣٠'],
    ['[Z00000]', FAILED],
    ['[Z0:0:0]', FAILED],
    ['[ZN]', FAILED],
    ['[Zi]', FAILED],
  ])('is written by %s as %s', (picture, written) => {
    expect(valueOf(`$fromMillis(0, ${text(picture)}, "-0530")`)).toBe(written)
  })

  test.each([
    '',
    ' ',
    '5',
    '+5',
    '+5:00',
    '05:00',
    '+05:0',
    '+05:60',
    '+24:00',
    '+0560',
    '+05:00:00',
    '+05 00',
    '−05:00',
    'x+05:00',
    'Mars/Olympus',
    'Europe/Berlin ',
    'GMT+5',
  ])('that is none fails: "%s"', (zone) => {
    expect(valueOf(`$fromMillis(0, undefined, ${text(zone)})`)).toBe(FAILED)
    expect(valueOf(`$now(undefined, ${text(zone)})`)).toBe(FAILED)
  })
})

describe('a name of a time zone', () => {
  const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia']

  /** The local time as another formatter of the runtime has it. */
  const modelLocal = (millis: number, timeZone: string): string => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    return format.format(millis).replace(' ', 'T')
  }

  test('has the local time and its offset, also beside a change of the clock', () => {
    for (const zone of ZONES) {
      for (const start of [Date.UTC(2024, 2, 31, 1), Date.UTC(2024, 10, 3, 6), Date.UTC(2024, 9, 6)]) {
        for (const millis of [start - 1, start, start + 1, start + 86_400_000 * 90]) {
          const local = valueOf(`$fromMillis(${millis}, undefined, ${text(zone)})`)
          expect(local).toMatch(new RegExp(`^${modelLocal(millis, zone)}\\.\\d{3}[-+]\\d\\d:\\d\\d$`))
          expect(Date.parse(String(local))).toBe(millis)
        }
      }
    }
  })

  test('gives summer and winter their offsets', () => {
    const at = (iso: string): unknown =>
      valueOf(`$fromMillis(${Date.parse(iso)}, "[H01]:[m01] [Z]", "Europe/Berlin")`)
    expect(at('2026-01-01T12:00:00Z')).toBe('13:00 +01:00')
    expect(at('2026-07-01T12:00:00Z')).toBe('14:00 +02:00')
  })

  test('fails for a time when its offset had seconds', () => {
    expect(valueOf(`$fromMillis(${Date.UTC(1880, 0)}, undefined, "Europe/Berlin")`)).toBe(FAILED)
    expect(valueOf(`$fromMillis(${Date.UTC(1900, 0)}, undefined, "Europe/Berlin")`)).toBe(
      '1900-01-01T01:00:00.000+01:00',
    )
  })

  test('applies to the current time', () => {
    expect(valueOf('$toMillis($now(undefined, "Asia/Kolkata")) = $millis()')).toBe(true)
    expect(valueOf('$now("[Z]", "Asia/Kolkata")')).toBe('+05:30')
    expect(valueOf('$now("[Z]", "-0530")')).toBe('-05:30')
  })
})

describe('a timestamp of ISO 8601', () => {
  test.each([
    ['2024', Date.UTC(2024)],
    ['2024-02', Date.UTC(2024, 1)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2024-02-29Z', Date.UTC(2024, 1, 29)],
    ['2024-02-29+01:00', Date.UTC(2024, 1, 28, 23)],
    ['2024-02-29T10:00:00', Date.UTC(2024, 1, 29, 10)],
    ['2024-02-29T10:00:00Z', Date.UTC(2024, 1, 29, 10)],
    ['2024-02-29T10:00:00.5Z', Date.UTC(2024, 1, 29, 10, 0, 0, 500)],
    ['2024-02-29T10:00:00.123987Z', Date.UTC(2024, 1, 29, 10, 0, 0, 123)],
    ['2024-02-29T10:00:00-0530', Date.UTC(2024, 1, 29, 15, 30)],
    ['2024-02-29T10:00:00-05:30', Date.UTC(2024, 1, 29, 15, 30)],
    ['2024-02-29T24:00:00Z', Date.UTC(2024, 2, 1)],
    ['0099-12-31T00:00:00Z', Date.parse('0099-12-31T00:00:00Z')],
    ['0000-01-01', Date.parse('0000-01-01T00:00:00Z')],
    ['2023-02-29', FAILED],
    ['2024-02-30T10:00:00Z', FAILED],
    ['2024-13-01', FAILED],
    ['2024-00-01', FAILED],
    ['2024-01-00', FAILED],
    ['2024-02-29T24:00:01Z', FAILED],
    ['2024-02-29T25:00:00Z', FAILED],
    ['2024-02-29T10:60:00Z', FAILED],
    ['2024-02-29T10:00:60Z', FAILED],
    ['2024-02-29T10:00:00+24:00', FAILED],
    ['2024-02-29T10:00:00+05:60', FAILED],
    ['2024T10:00:00', FAILED],
    ['2024-02T10:00:00Z', FAILED],
    ['2024.5', FAILED],
    ['2024-02-29.5', FAILED],
    ['2024-W09-4', FAILED],
    ['2024-060', FAILED],
    ['20240229', FAILED],
    ['10000-01-01', FAILED],
    ['', FAILED],
  ])('%s is %s', (timestamp, millis) => {
    expect(valueOf(`$toMillis(${text(timestamp)})`)).toBe(millis)
  })
})

describe('a picture', () => {
  const millis = Date.UTC(2024, 11, 30, 0, 5, 6, 7)

  test.each([
    ['[Y]-[M]-[D]', '2024-12-30'],
    ['[Y0001]-[d001]', '2024-365'],
    ['[X0001]-W[W01]-[F1]', '2025-W01-1'],
    ['[D1o] [MNn] [Y]', '30th December 2024'],
    ['[FNn], [MNn,3-3] [D]', 'Monday, Dec 30'],
    ['[h]:[m01] [P]', '12:05 am'],
    ['[h]:[m01] [PN]', '12:05 AM'],
    ['[h]:[m01] [PNn]', '12:05 Am'],
    ['[s].[f]', '06.007'],
    ['[f001]', '007'],
    ['[f01]', '00'],
    ['[f0001]', '0070'],
    ['[f,2-2]', '00'],
    ['[YI] [MI]', 'MMXXIV XII'],
    ['[Dwo]', 'thirtieth'],
    ['[[x]]', '[x]'],
    ['[Q1]', FAILED],
    ['[1]', FAILED],
    ['[Y', FAILED],
    ['[DN]', FAILED],
    ['[Mnope]', FAILED],
    ['[fN]', FAILED],
    ['[Y,x]', FAILED],
    ['[Y,3-2]', FAILED],
    ['[Y,1000000000]', FAILED],
  ])('%s writes %s', (picture, written) => {
    expect(valueOf(`$fromMillis(${millis}, ${text(picture)})`)).toBe(written)
  })

  test.each(['[f]', '[f1]'])('writes a fraction of a second with %s', (picture) => {
    const written = [5, 50, 500, 120, 999, 0].map((ms) => valueOf(`$fromMillis(${ms}, ${text(picture)})`))
    expect(written).toEqual(['005', '05', '5', '12', '999', '0'])
  })

  test('writes the week dates of ISO 8601 for every year', () => {
    for (const year of [0, 1, 50, 99, 100, 1582, 1999, 2000, 2004, 2005, 2009, 2015, 2020, 2026, 9998]) {
      for (const [month, day] of [
        [0, 1],
        [0, 3],
        [0, 4],
        [5, 15],
        [11, 28],
        [11, 31],
      ] as const) {
        const date = new Date(0)
        date.setUTCFullYear(year, month, day)
        // ISO 8601: the week belongs to the year of its Thursday.
        const weekday = ((date.getUTCDay() + 6) % 7) + 1
        const thursday = new Date(date.getTime() + (4 - weekday) * 86_400_000)
        if (thursday.getUTCFullYear() < 0) continue
        const firstDay = new Date(0)
        firstDay.setUTCFullYear(thursday.getUTCFullYear(), 0, 1)
        const week = Math.floor((thursday.getTime() - firstDay.getTime()) / 604_800_000) + 1
        const model = `${pad(thursday.getUTCFullYear(), 4)}-W${pad(week)}-${weekday}`
        const picture = '[X0001]-W[W01]-[F1]'
        expect(valueOf(`$fromMillis(${date.getTime()}, "${picture}")`)).toBe(model)
        expect(valueOf(`$toMillis("${model}", "${picture}")`)).toBe(date.getTime())
      }
    }
  })

  test.each([
    '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]',
    '[FNn], [D1o] of [MNn] [Y], [h]:[m01]:[s01].[f001] [P]',
    '[D01] [MN,3-3] [Y0001] [h01]:[m01]:[s01].[f001][PN]',
    '[Y0001][M01][D01][H01][m01][s01][f001]',
    '[Y0001]-[d001] [H01]:[m01]:[s01].[f001]',
    '[X0001]-W[W01]-[F1] [H01]:[m01]:[s01].[f001]',
    '[YI]-[MI]-[DWwo] [Hw]:[mw]:[sw].[f001]',
    '[YA]-[Ma]-[D1o] [H1]:[m1]:[s1].[f]',
  ])('%s reads what it has written', (picture) => {
    const offsets = ['Z', '-05:30', '+14:00']
    for (const instant of INSTANTS.filter((at) => at >= Date.UTC(1500, 0) && at < Date.UTC(9000, 0))) {
      for (const zone of offsets) {
        const full = text(`${picture} [Z]`)
        const written = `$fromMillis(${instant}, ${full}, "${zone}")`
        expect([picture, zone, valueOf(`$toMillis(${written}, ${full})`)]).toEqual([picture, zone, instant])
      }
    }
  })

  test.each([
    // Parts that are missing, or contradict each other
    ['2024-02-30', '[Y]-[M]-[D]'],
    ['2023-366', '[Y]-[d]'],
    ['2024-13-01', '[Y]-[M]-[D]'],
    ['2024-00-01', '[Y]-[M]-[D]'],
    ['Tuesday, 2024-12-30', '[FNn], [Y]-[M]-[D]'],
    ['Monday', '[FNn]'],
    ['2024 Monday', '[Y] [FNn]'],
    ['2024-W53-1', '[X]-W[W]-[F1]'],
    ['2024-W01-1', '[Y]-W[W]-[F1]'],
    ['2024-1-1-Mon', '[X]-[x]-[w]-[FNn,3-3]'],
    ['2024-01-01 3:30', '[Y]-[M]-[D] [h]:[m]'],
    ['2024-01-01 pm', '[Y]-[M]-[D] [P]'],
    ['2024-01-01 13:30 pm', '[Y]-[M]-[D] [h]:[m] [P]'],
    ['2024-01-01 0:30 am', '[Y]-[M]-[D] [h]:[m] [P]'],
    ['2024-01-01 15:30 am', '[Y]-[M]-[D] [H]:[m] [P]'],
    ['2024-01-01 24:00', '[Y]-[M]-[D] [H]:[m]'],
    ['2024-01-01 10:60', '[Y]-[M]-[D] [H]:[m]'],
    ['2024 10:30', '[Y] [H]:[m]'],
    ['2024 2025', '[Y] [Y]'],
    // Texts that mean something else than they say
    ['24-01-01', '[Y01]-[M]-[D]'],
    ['24-01-01', '[Y,2-2]-[M]-[D]'],
    ['24-01-01', '[Y0001]-[M]-[D]'],
    ['2024-01-1th', '[Y]-[M]-[D1o]'],
    ['2024-01-2st', '[Y]-[M]-[D1o]'],
    ['IIII-01-01', '[YI]-[M]-[D]'],
    ['2024-J-01', '[Y]-[MN,1-1]-[D]'],
    ['2024-Foo-01', '[Y]-[MNn]-[D]'],
    ['2024-01-01 xm', '[Y]-[M]-[D] [P]'],
    ['2024-01-01 +24:00', '[Y]-[M]-[D] [Z]'],
    ['2024-01-01 +05:60', '[Y]-[M]-[D] [Z]'],
    ['+01:00', '[Z]'],
    ['2024-01', '[Y]-[M]-[D]'],
    ['', '[Y]'],
    ['x', 'x'],
  ])('does not read %s with %s', (timestamp, picture) => {
    expect(valueOf(`$toMillis(${text(timestamp)}, ${text(picture)})`)).toBe(FAILED)
  })

  test.each([
    ['2024-1-5', '[Y]-[M01]-[D01]', Date.UTC(2024, 0, 5)],
    ['24-01-01', '[Y]-[M]-[D]', Date.parse('0024-01-01T00:00:00Z')],
    ['0050-06-07', '[Y0001]-[M01]-[D01]', Date.parse('0050-06-07T00:00:00Z')],
    ['5 JANUARY 2024', '[D] [MNn] [Y]', Date.UTC(2024, 0, 5)],
    ['2024-W09', '[X]-W[W]', Date.UTC(2024, 1, 26)],
    ['2024-01-01 12:30 AM', '[Y]-[M]-[D] [h]:[m] [P]', Date.UTC(2024, 0, 1, 0, 30)],
    ['2024-01-01 12:30 Pm', '[Y]-[M]-[D] [h]:[m] [P]', Date.UTC(2024, 0, 1, 12, 30)],
    ['2024-01-01 15:30 pm', '[Y]-[M]-[D] [H]:[m] [P]', Date.UTC(2024, 0, 1, 15, 30)],
    ['2024-01-01 -00:30', '[Y]-[M]-[D] [Z]', Date.UTC(2024, 0, 1, 0, 30)],
    ['2024-01-01 -05:30', '[Y]-[M]-[D] [Z]', Date.UTC(2024, 0, 1, 5, 30)],
    ['2024-01-01 Z', '[Y]-[M]-[D] [Z]', Date.UTC(2024, 0, 1)],
    ['2024-01-01 0.29', '[Y]-[M]-[D] [s].[f]', FAILED],
    ['2024-01-01 0:0:0.29', '[Y]-[M]-[D] [H]:[m]:[s].[f]', Date.UTC(2024, 0, 1) + 290],
    ['twenty-fourth January 2024', '[Dwo] [MNn] [Y]', Date.UTC(2024, 0, 24)],
  ])('reads %s with %s', (timestamp, picture, at) => {
    expect(valueOf(`$toMillis(${text(timestamp)}, ${text(picture)})`)).toBe(at)
  })

  test('takes the leading parts that a text lacks from the current date, in the zone of the text', () => {
    const sameDay = (zone: string): string =>
      `$fromMillis($toMillis("12:00 ${zone}", "[H]:[m] [Z]"), "[Y]-[M]-[D]", "${zone}") = $now("[Y]-[M]-[D]", "${zone}")`
    expect(['+00:00', '+14:00', '-12:00'].map((zone) => valueOf(sameDay(zone)))).toEqual([true, true, true])
  })

  test('writes the years 0 to 9999', () => {
    const at = (iso: string): unknown => valueOf(`$fromMillis(${Date.parse(iso)})`)
    expect(at('0000-01-01T00:00:00.000Z')).toBe('0000-01-01T00:00:00.000Z')
    expect(at('-000001-12-31T23:59:59.999Z')).toBe(FAILED)
    expect(at('9999-12-31T23:59:59.999Z')).toBe('9999-12-31T23:59:59.999Z')
    expect(at('+010000-01-01T00:00:00.000Z')).toBe(FAILED)
  })
})
