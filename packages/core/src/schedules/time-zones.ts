/** The time zone of schedules that name none. */
export const TIME_ZONE_DEFAULT = 'UTC'

/** A time in which a zone has one offset from UTC. */
export interface ZoneSpan {
  /** In ms since 1970. */
  readonly fromMs: number
  /** When the next span begins, in ms since 1970. */
  readonly untilMs: number
  /** What local time is ahead of UTC, in ms. */
  readonly offsetMs: number
  /** The same of the span before. */
  readonly offsetBeforeMs: number
}

/** The longest name of a time zone, in characters. The longest of IANA has 32. */
const ZONE_CHARS_MAX = 64
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/

const MINUTE_MS = 60_000
/** Two changes of a zone's offset have always been further apart than this. */
const STRIDE_MS = 7 * 24 * 60 * MINUTE_MS
/** How far changes are looked for at once; a zone without changes gets spans of this length. */
const SPAN_MS_MAX = 366 * 24 * 60 * MINUTE_MS

const PARTS = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
} as const

interface Zone {
  readonly format: Intl.DateTimeFormat
  /** The spans found so far, each by the multiple of `SPAN_MS_MAX` in which it was looked for. */
  readonly spans: Map<number, readonly ZoneSpan[]>
}

/** Bounded by the names of the time zone database, about 600 in any case of letters, and by the years asked for. */
const zones = new Map<string, Zone>()

/** Whether this is the name of a time zone in the IANA time zone database, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  return zoneOf(name) !== undefined
}

/**
 * The span that an instant is in.
 *
 * @param atMs in ms since 1970
 * @returns undefined for an unknown time zone
 */
export function zoneSpan(name: string, atMs: number): ZoneSpan | undefined {
  const zone = zoneOf(name)
  if (zone === undefined) return undefined
  const period = Math.floor(atMs / SPAN_MS_MAX)
  let spans = zone.spans.get(period)
  if (spans === undefined) {
    spans = spansOf(zone.format, period * SPAN_MS_MAX)
    zone.spans.set(period, spans)
  }
  return spans.find(({ untilMs }) => atMs < untilMs)
}

function zoneOf(name: string): Zone | undefined {
  const key = name.toLowerCase()
  const known = zones.get(key)
  if (known !== undefined) return known
  if (name.length > ZONE_CHARS_MAX || !ZONE.test(name)) return undefined
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      ...PARTS,
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
    })
    const zone: Zone = { format, spans: new Map() }
    zones.set(key, zone)
    return zone
  } catch {
    return undefined
  }
}

/** The spans of one period. The first one's `offsetBeforeMs` is of the instant before it. */
function spansOf(format: Intl.DateTimeFormat, startMs: number): ZoneSpan[] {
  const endMs = startMs + SPAN_MS_MAX
  const spans: ZoneSpan[] = []
  let fromMs = startMs
  let offsetBeforeMs = offsetAt(format, startMs - MINUTE_MS)
  while (fromMs < endMs) {
    const offsetMs = offsetAt(format, fromMs)
    const untilMs = changeBetween(format, fromMs, endMs, offsetMs)
    spans.push({ fromMs, untilMs, offsetMs, offsetBeforeMs })
    offsetBeforeMs = offsetMs
    fromMs = untilMs
  }
  return spans
}

/** The first minute at which the offset differs, or the end. */
function changeBetween(format: Intl.DateTimeFormat, fromMs: number, endMs: number, offsetMs: number): number {
  let sameMs = fromMs
  while (sameMs < endMs) {
    let changedMs = Math.min(sameMs + STRIDE_MS, endMs)
    if (offsetAt(format, changedMs) === offsetMs) {
      sameMs = changedMs
      continue
    }
    while (changedMs - sameMs > MINUTE_MS) {
      const middleMs = sameMs + Math.floor((changedMs - sameMs) / 2 / MINUTE_MS) * MINUTE_MS
      if (offsetAt(format, middleMs) === offsetMs) sameMs = middleMs
      else changedMs = middleMs
    }
    return changedMs
  }
  return endMs
}

/** @param atMs a full minute */
function offsetAt(format: Intl.DateTimeFormat, atMs: number): number {
  const part = { year: 0, month: 1, day: 1, hour: 0, minute: 0 }
  for (const { type, value } of format.formatToParts(atMs)) {
    if (type in part) part[type as keyof typeof part] = Number(value)
  }
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - atMs
}
