/** The numbers of a date and a time, by the letter that a picture has for each, such as `Y` and `M`. */
export type DateParts = Record<string, number | undefined>

/** A character between digits, and how many digits follow it. */
interface Separator {
  readonly position: number
  readonly character: string
}

/** What JSONata knows of a part of a picture, such as `[Y0001]`. */
export interface PictureMarker {
  readonly component: string
  readonly presentation1: string
  readonly presentation2?: string
  readonly names?: unknown
  readonly width?: { readonly min?: number; readonly max?: number }
  /** The number of digits to which the year is cut; -1 for all of them. */
  readonly n?: number
  readonly integerFormat?: {
    readonly primary: string
    readonly zeroCode?: number
    readonly mandatoryDigits?: number
    readonly optionalDigits?: number
    readonly ordinal?: boolean
    readonly groupingSeparators?: Separator | readonly Separator[]
  }
}

/** A part of a picture that reads text; `parse` is missing for text that stands for itself. */
export interface PartReader {
  readonly component?: string
  readonly parse?: (text: string) => number
}

/** How JSONata handles dates and time zones. All functions throw an error with a code for what they cannot do right. */
export interface SandboxDates {
  /** `Date` whose `UTC` takes the years 0 to 99 as they are. */
  readonly Calendar: DateConstructor
  /** The offset of a time zone from UTC at an instant, in minutes. */
  offsetMinutes(timezone: string | undefined, millis: number): number
  /** A date whose UTC fields are the local ones. Its year has at most four digits. */
  local(millis: number, offsetMinutes: number): Date
  /** Returns a part of a picture if JSONata knows it. */
  checked(marker: PictureMarker): PictureMarker
  /** The text of an offset, such as `+05:30`. */
  formatOffset(offsetMinutes: number, marker: PictureMarker): string
  /** The text of a fraction of a second. */
  formatFraction(millis: number, marker: PictureMarker): string
  /** A regular expression for the texts that `parseOffset` reads. */
  offsetPattern(marker: PictureMarker): string
  /** The offset of a text such as `-05:30`, `-0530`, `GMT-5` or `Z`, in minutes. */
  parseOffset(text: string): number
  /** The number of a name of a month or a day, or of `am` and `pm`. */
  parseName(text: string, lookup: Readonly<Record<string, number>>): number
  /** The milliseconds since 1970 of an ISO 8601 timestamp. */
  parseIso(text: string): number
  /** @throws an error if a part's text is none that its picture has for the number */
  check(value: number, text: string, marker: PictureMarker, format: (value: number) => string): number
  /**
   * The milliseconds since 1970 of a text.
   *
   * @param match the text of each part, after the whole text; null if the picture does not match
   * @param readers the parts of the picture
   * @param now has the leading parts that the text lacks
   * @param partOf returns a part of a date
   */
  instant(
    match: readonly string[] | null,
    readers: readonly PartReader[],
    now: Date,
    partOf: (date: Date, component: string) => number | string | undefined,
  ): number
}

export interface DatesScope {
  exactDates: SandboxDates
}

/**
 * Adds what JSONata needs for dates. Like `sandboxProgram`, only this function's source text enters the sandbox.
 *
 * Pictures are those of XPath and XQuery Functions 3.1, section 9.8.4, with `X` and `x` for the year and the month of a
 * week.
 */
export function sandboxDates(scope: DatesScope): void {
  /** As sandbox-numbers.ts has it. */
  const LONG_NUMBER = 'N0001'
  const NOT_ISO = 'D3110'
  const UNKNOWN_COMPONENT = 'D3132'
  const UNKNOWN_NAMES = 'D3133'
  const LONG_OFFSET = 'D3134'
  const UNDERSPECIFIED = 'D3136'
  const WRONG_ZONE = 'Z0001'
  const WRONG_YEAR = 'Z0002'
  const WRONG_TEXT = 'Z0003'

  const MINUTE_MS = 60_000
  const DAY_MS = 86_400_000
  const WEEK_DAYS = 7
  const HOURS_MAX = 23
  const MINUTES_MAX = 59
  const WIDTH_MAX = 100
  const FRACTION_DIGITS = 3
  const YEAR_DIGITS = 4
  const YEAR_MAX = 9999
  /** There are about 600 names of time zones. */
  const ZONES_MAX = 50
  const NO_SEPARATORS: readonly Separator[] = []

  class Calendar extends Date {
    static override UTC(year: number, month = 0, ...rest: readonly number[]): number {
      const [day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = rest
      const date = new Date(0)
      date.setUTCFullYear(year, month, day)
      return date.setUTCHours(hour, minute, second, millisecond)
    }
  }

  /** An offset as in ISO 8601: `+05:30`, `+0530` or `+05`. JSONata takes `0530` too. */
  function parseOffset(text: string): number {
    if (text.toUpperCase() === 'Z') return 0
    const [, sign, hours, minutes = '0'] = /^(?:GMT)?([+-]?)(\d{1,2})(?:[^\d]?(\d\d))?$/i.exec(text) ?? []
    if (hours === undefined || Number(hours) > HOURS_MAX || Number(minutes) > MINUTES_MAX)
      throw { code: WRONG_ZONE }
    const offset = Number(hours) * 60 + Number(minutes)
    return sign === '-' ? 0 - offset : offset
  }

  const zones = new Map<string, Intl.DateTimeFormat>()

  /** @throws an error for a name that is in no time zone database */
  function zoneOf(name: string): Intl.DateTimeFormat {
    const known = zones.get(name)
    if (known !== undefined) return known
    let zone: Intl.DateTimeFormat
    try {
      zone = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'gregory',
        numberingSystem: 'latn',
        timeZoneName: 'longOffset',
      })
    } catch {
      throw { code: WRONG_ZONE }
    }
    if (zones.size >= ZONES_MAX) zones.clear()
    zones.set(name, zone)
    return zone
  }

  /** Before it had a standard time, a zone's offset has seconds, which no picture can show. */
  function namedOffset(name: string, millis: number): number {
    const parts = zoneOf(name).formatToParts(millis)
    const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
    if (text === 'GMT' || text === 'UTC') return 0
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(text) ?? []
    if (hours === undefined) throw { code: WRONG_ZONE }
    const offset = Number(hours) * 60 + Number(minutes)
    return sign === '-' ? 0 - offset : offset
  }

  function offsetMinutes(timezone: string | undefined, millis: number): number {
    if (timezone === undefined) return 0
    if (/^(?:[Zz]|[+-]\d\d(?::?\d\d)?|\d{4})$/.test(timezone)) return parseOffset(timezone)
    if (!/^[A-Za-z]/.test(timezone)) throw { code: WRONG_ZONE }
    return namedOffset(timezone, millis)
  }

  function local(millis: number, offset: number): Date {
    const date = new Date(millis + offset * MINUTE_MS)
    const year = date.getUTCFullYear()
    if (!(year >= 0 && year <= YEAR_MAX)) throw { code: WRONG_YEAR }
    return date
  }

  function isWidth(width: number | undefined): boolean {
    return width === undefined || (Number.isInteger(width) && width > 0 && width <= WIDTH_MAX)
  }

  function checked(marker: PictureMarker): PictureMarker {
    const { component, presentation1, names, width } = marker
    if (component === '' || !'YMDdFWwXxHhPmsfZzCE'.includes(component)) throw { code: UNKNOWN_COMPONENT }
    if (names !== undefined && !/^(?:N|n|Nn)$/.test(presentation1)) throw { code: UNKNOWN_NAMES }
    if (names !== undefined && 'fZz'.includes(component)) throw { code: UNKNOWN_NAMES }
    const { min, max } = width ?? {}
    if (!isWidth(min) || !isWidth(max) || (min !== undefined && max !== undefined && min > max))
      throw { code: UNKNOWN_COMPONENT }
    return marker
  }

  function digitsOf(text: string, { integerFormat }: PictureMarker): string {
    const zero = integerFormat?.zeroCode
    if (integerFormat?.primary !== 'decimal' || zero === undefined) throw { code: UNKNOWN_NAMES }
    return text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
  }

  function separatorsOf({ integerFormat }: PictureMarker): readonly Separator[] {
    return [integerFormat?.groupingSeparators ?? NO_SEPARATORS].flat()
  }

  function formatOffset(offset: number, marker: PictureMarker): string {
    const { component, presentation2, integerFormat } = marker
    if (offset === 0 && presentation2 === 't') return 'Z'
    const digits = integerFormat?.mandatoryDigits ?? 0
    const separators = separatorsOf(marker)
    const [separator] = separators
    if (digits < 1 || digits > 4 || separators.length > 1) throw { code: LONG_OFFSET }
    // Hours and minutes have a separator between them, and nothing else can have one.
    if (separator !== undefined && (separator.position !== 2 || digits < 3)) throw { code: LONG_OFFSET }
    const whole = Math.abs(offset)
    const hours = String(Math.trunc(whole / 60))
    const minutes = String(whole % 60).padStart(2, '0')
    const sign = offset < 0 ? '-' : '+'
    let text = hours.padStart(digits - 2, '0') + (separator?.character ?? '') + minutes
    if (digits <= 2) text = hours.padStart(digits, '0') + (minutes === '00' ? '' : `:${minutes}`)
    return (component === 'z' ? 'GMT' : '') + sign + digitsOf(text, marker)
  }

  /** Section 9.8.4.5: one digit stands for as many as there are; more digits, and widths, for exactly so many. */
  function formatFraction(millis: number, marker: PictureMarker): string {
    const { width, integerFormat } = marker
    const { mandatoryDigits = 0, optionalDigits = 0 } = integerFormat ?? {}
    if (separatorsOf(marker).length > 0) throw { code: UNKNOWN_COMPONENT }
    const isOpen = width?.max === undefined && mandatoryDigits + optionalDigits <= 1
    const most = width?.max ?? (isOpen ? FRACTION_DIGITS : mandatoryDigits + optionalDigits)
    const least = Math.min(most, Math.max(1, width?.min ?? mandatoryDigits))
    const text = String(millis).padStart(FRACTION_DIGITS, '0').slice(0, most).replace(/0+$/, '')
    return digitsOf(text.padEnd(least, '0'), marker)
  }

  function offsetPattern(marker: PictureMarker): string {
    const own = separatorsOf(marker).map(({ character }) => character.replace(/[\\\]^-]/g, '\\$&'))
    const digits = `[-+][0-9]{1,2}(?:[:${own.join('')}]?[0-9]{2})?`
    return marker.component === 'z' ? `(?:GMT${digits}|Z)` : `(?:${digits}|Z)`
  }

  function parseName(text: string, lookup: Readonly<Record<string, number>>): number {
    const names = Object.keys(lookup).filter((name) => name.toLowerCase() === text.toLowerCase())
    const values = [...new Set(names.map((name) => lookup[name]))]
    const [value] = values
    if (value === undefined || Number.isNaN(value) || values.length > 1) throw { code: WRONG_TEXT }
    return value
  }

  function check(
    value: number,
    text: string,
    marker: PictureMarker,
    format: (value: number) => string,
  ): number {
    const { component, integerFormat, n = -1 } = marker
    if (!Number.isSafeInteger(value)) throw { code: LONG_NUMBER }
    if (integerFormat === undefined || 'fZz'.includes(component)) return value
    const isPlain = integerFormat.primary === 'decimal' && integerFormat.ordinal !== true
    // A year without its century is ambiguous.
    if (component === 'Y' && n !== -1 && n < YEAR_DIGITS) throw { code: UNDERSPECIFIED }
    if (component === 'Y' && isPlain && text.length < (integerFormat.mandatoryDigits ?? 0))
      throw { code: WRONG_TEXT }
    // Numbers may have more or fewer leading zeros than the picture. Words and the like have one form each.
    const written = isPlain ? text : format(value).toLowerCase()
    if (text.replace(/^0+(?=\d)/, '').toLowerCase() !== written.replace(/^0+(?=\d)/, ''))
      throw { code: WRONG_TEXT }
    return value
  }

  function parseIso(text: string): number {
    const [found, year, month = '1', day = '1', hour, minute = '0', second = '0', fraction = '', zone = 'Z'] =
      /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(
        text,
      ) ?? []
    if (found === undefined) throw { code: NOT_ISO }
    const millisecond = Number(fraction.padEnd(FRACTION_DIGITS, '0').slice(0, FRACTION_DIGITS))
    // ISO 8601 calls the end of a day 24:00:00.
    const isEnd = hour === '24' && Number(minute + second + fraction) === 0
    const numbers = [Number(year), Number(month) - 1, Number(day), isEnd ? 0 : Number(hour ?? 0)] as const
    const at = Calendar.UTC(...numbers, Number(minute), Number(second), millisecond)
    const date = new Date(at)
    const isSame =
      date.getUTCMonth() === numbers[1] &&
      date.getUTCDate() === numbers[2] &&
      date.getUTCHours() === numbers[3] &&
      date.getUTCMinutes() === Number(minute) &&
      date.getUTCSeconds() === Number(second)
    if (!isSame) throw { code: NOT_ISO }
    return at + (isEnd ? DAY_MS : 0) - parseOffset(zone) * MINUTE_MS
  }

  /** Monday of the first week of a year: the week with the first Thursday (ISO 8601). */
  function firstMonday(year: number): number {
    const fourth = Calendar.UTC(year, 0, 4)
    return fourth - ((new Date(fourth).getUTCDay() + WEEK_DAYS - 1) % WEEK_DAYS) * DAY_MS
  }

  /** Which parts say the date and the time, from the largest to the smallest. */
  function order(parts: DateParts): { readonly date: string; readonly time: string } {
    const has = (component: string): boolean => parts[component] !== undefined
    if (!has('H') && has('h') !== has('P')) throw { code: UNDERSPECIFIED }
    const time = has('H') || !has('h') ? 'Hmsf' : 'Phmsf'
    // The name of a day is no date.
    if (has('F') && !['D', 'd', 'W'].some(has)) throw { code: UNDERSPECIFIED }
    if (has('M') || has('D')) return { date: 'YMD', time }
    if (has('d')) return { date: 'Yd', time }
    if (has('W') && !has('Y')) return { date: 'XWF', time }
    if (['W', 'w', 'X', 'x'].some(has)) throw { code: UNDERSPECIFIED }
    return { date: 'YMD', time }
  }

  function partsOf(match: readonly string[] | null, readers: readonly PartReader[]): DateParts {
    if (match === null) throw { code: WRONG_TEXT }
    const parts: DateParts = {}
    for (const [index, { component, parse }] of readers.entries()) {
      if (component === undefined || parse === undefined) continue
      const value = parse(match[index + 1] ?? '')
      if (parts[component] !== undefined && parts[component] !== value) throw { code: WRONG_TEXT }
      parts[component] = value
    }
    if (parts['Z'] !== undefined && parts['z'] !== undefined && parts['Z'] !== parts['z'])
      throw { code: WRONG_TEXT }
    if (Object.keys(parts).every((component) => 'Zz'.includes(component))) throw { code: UNDERSPECIFIED }
    return parts
  }

  function instant(
    match: readonly string[] | null,
    readers: readonly PartReader[],
    now: Date,
    partOf: (date: Date, component: string) => number | string | undefined,
  ): number {
    const parts = partsOf(match, readers)
    const offset = parts['Z'] ?? parts['z'] ?? 0
    const today = local(now.getTime(), offset)
    const { date, time } = order(parts)
    const all: DateParts = {}
    let isSpecified = false
    let isPast = false
    for (const component of date + time) {
      const value = parts[component]
      if (value !== undefined && isPast) throw { code: UNDERSPECIFIED }
      if (value === undefined && isSpecified) isPast = true
      if (value !== undefined) isSpecified = true
      const other = isSpecified ? Number('MDdWF'.includes(component)) : Number(partOf(today, component))
      all[component] = value ?? other
    }
    const { Y = 0, M = 1, D = 1, d = 1, X = 0, W = 1, F = 1, P = 0, h = 0, H, m, s, f } = all
    const day = {
      YMD: () => Calendar.UTC(Y, M - 1, D),
      Yd: () => Calendar.UTC(Y, 0, d),
      XWF: () => firstMonday(X) + ((W - 1) * WEEK_DAYS + F - 1) * DAY_MS,
    }[date as 'YMD' | 'Yd' | 'XWF']()
    const hour = H ?? (h % 12) + P * 12
    const at = day + ((hour * 60 + (m ?? 0)) * 60 + (s ?? 0)) * 1000 + (f ?? 0)
    const result = local(at, 0)
    for (const [component, value] of Object.entries(parts)) {
      if ('Zz'.includes(component)) continue
      const found = partOf(result, component)
      if ((component === 'P' ? Number(found === 'pm') : found) !== value) throw { code: WRONG_TEXT }
    }
    return at - offset * MINUTE_MS
  }

  scope.exactDates = Object.freeze({
    Calendar: Calendar as unknown as DateConstructor,
    offsetMinutes,
    local,
    checked,
    formatOffset,
    formatFraction,
    offsetPattern,
    parseOffset,
    parseName,
    parseIso,
    check,
    instant,
  })
}
