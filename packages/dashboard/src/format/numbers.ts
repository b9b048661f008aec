const LOCALE = 'en-GB'

const whole = new Intl.NumberFormat(LOCALE)

/** A count, such as 41,902. */
export function count(value: number): string {
  return whole.format(value)
}

const plurals = new Intl.PluralRules(LOCALE)

/** A count with its noun: "1 key", "2 keys". @param many the plural; `one` with an "s" unless given */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${plurals.select(value) === 'one' ? one : many}`
}
