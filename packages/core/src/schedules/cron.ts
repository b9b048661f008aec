/** The minutes that five cron fields select, as crontab(5) of cronie reads them. Values are sorted. */
export interface CronFields {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly daysOfMonth: readonly number[]
  /** 1 to 12. */
  readonly months: readonly number[]
  /** 0 to 6, Sunday first. */
  readonly daysOfWeek: readonly number[]
  /** Whether a day must match both day fields, since one of them begins with `*`; otherwise it must match one. */
  readonly needsBothDays: boolean
  /** Whether the minute or the hour begins with `*`: the schedule then follows elapsed time, not a time of the day. */
  readonly isContinuous: boolean
}

/** What is wrong with a schedule, in full sentences. */
export interface CronProblem {
  readonly message: string
}

/** The longest schedule, in characters. */
export const SCHEDULE_CHARS_MAX = 100

interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  /** The names of its values, from `min` on. */
  readonly names: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
// Sunday is 0 and 7.
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const FIELDS = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 7, names: DAYS },
] as const satisfies readonly Field[]

const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** The days of each month, in a leap year. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const PART = /^(?:\*|([0-9]{1,2}|[a-z]{3})(?:-([0-9]{1,2}|[a-z]{3}))?)(?:\/([0-9]{1,2}))?$/

/**
 * Reads a schedule: five fields, separated by single spaces, or a nickname such as `@daily`. Names and nicknames may
 * be in upper and lower case. A step (`/n`) needs `*` or a range before it.
 *
 * @returns the problem also for a schedule that never comes, such as February 30
 */
export function parseCron(schedule: string): CronFields | CronProblem {
  if (schedule.length > SCHEDULE_CHARS_MAX) {
    return { message: `A schedule has at most ${SCHEDULE_CHARS_MAX} characters.` }
  }
  const text = schedule.toLowerCase()
  if (text.startsWith('@')) return parseNickname(text)
  const parts = text.split(' ')
  if (parts.length !== FIELDS.length) {
    return {
      message:
        'A schedule has five fields with one space between them: minute, hour, day of the month, month and day of the week, such as "*/5 * * * *".',
    }
  }
  const values: (readonly number[])[] = []
  for (const [index, field] of FIELDS.entries()) {
    const found = fieldValues(parts[index] ?? '', field)
    if (typeof found === 'string') return { message: found }
    values.push(found)
  }
  const [minutes = [], hours = [], daysOfMonth = [], months = [], weekdays = []] = values
  const isStar = (index: number): boolean => parts[index]?.startsWith('*') === true
  const fields: CronFields = {
    minutes,
    hours,
    daysOfMonth,
    months,
    daysOfWeek: sorted(weekdays.map((day) => day % 7)),
    needsBothDays: isStar(2) || isStar(4),
    isContinuous: isStar(0) || isStar(1),
  }
  return comes(fields)
    ? fields
    : { message: 'This schedule never comes: none of its months has one of its days.' }
}

function parseNickname(text: string): CronFields | CronProblem {
  const fields = NICKNAMES[text]
  if (fields !== undefined) return parseCron(fields)
  const known = `Known are ${Object.keys(NICKNAMES).join(', ')}.`
  const message =
    text === '@reboot'
      ? `@reboot has no due time: a gateway is more than one process. ${known}`
      : `This nickname is unknown. ${known}`
  return { message }
}

/** The values that one field selects, or its problem. */
function fieldValues(text: string, field: Field): readonly number[] | string {
  const { name, min, max } = field
  const problem = (what: string): string => `The ${name} ${JSON.stringify(text)} ${what}.`
  const values: number[] = []
  for (const part of text.split(',')) {
    const match = PART.exec(part)
    if (match === null) {
      return problem('is not a list of numbers, names, ranges, and steps such as */5 or 10-50/5')
    }
    const [, first, last, stepText] = match
    if (first !== undefined && last === undefined && stepText !== undefined) {
      return problem(`has a step without a range: write ${first}-${max}/${stepText}`)
    }
    const from = first === undefined ? min : valueOf(first, field, false)
    const to = last === undefined ? (first === undefined ? max : from) : valueOf(last, field, true)
    const step = stepText === undefined ? 1 : Number(stepText)
    if (!(from >= min && from <= max && to >= min && to <= max)) {
      return problem(`has a value that is not one of ${min} to ${max}`)
    }
    if (from > to) return problem('has a range that ends before it begins')
    if (step === 0) return problem('has a step of 0')
    for (let value = from; value <= to; value += step) values.push(value)
  }
  return sorted(values)
}

/** NaN if the text is no value of the field. The Sunday that ends a range is 7. */
function valueOf(text: string, { names, min }: Field, isEnd: boolean): number {
  if (/^[0-9]/.test(text)) return Number(text)
  const index = isEnd ? names.lastIndexOf(text) : names.indexOf(text)
  return index === -1 ? Number.NaN : index + min
}

function sorted(values: readonly number[]): readonly number[] {
  return [...new Set(values)].toSorted((a, b) => a - b)
}

/** Within 400 years, each date falls on each day of the week, so only the day of the month can rule a date out. */
function comes({ months, daysOfMonth, needsBothDays }: CronFields): boolean {
  const firstDay = daysOfMonth[0] ?? Infinity
  return !needsBothDays || months.some((month) => firstDay <= (MONTH_DAYS[month - 1] ?? 0))
}
