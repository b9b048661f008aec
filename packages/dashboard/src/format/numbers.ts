const LOCALE = 'en-GB'

const whole = new Intl.NumberFormat(LOCALE)

/** A count, such as 41,902. */
export function count(value: number): string {
  return whole.format(value)
}

const short = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 })

/** A count for the axis of a chart, such as 45k or 1.2m. */
export function compact(value: number): string {
  return short.format(value).toLowerCase()
}

const fine = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
/** From here on, parts of a millisecond say nothing. */
const COARSE_MS = 100

/** A duration in milliseconds, such as 0.11 or 3,001. */
export function milliseconds(ms: number): string {
  return (ms < COARSE_MS ? fine : whole).format(ms)
}

const percents = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumSignificantDigits: 2 })

/** A part of a whole, such as 0.54%. */
export function share(part: number, all: number): string {
  return percents.format(all === 0 ? 0 : part / all)
}

const plurals = new Intl.PluralRules(LOCALE)

/** A count with its noun: "1 key", "2 keys". @param many the plural; `one` with an "s" unless given */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${plurals.select(value) === 'one' ? one : many}`
}
