import { isIPv4, isIPv6 } from 'node:net'

interface Format {
  /** An example, for the error. */
  readonly example: string
  readonly test: (text: string) => boolean
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[zZ]|([+-])(\d\d):(\d\d))$/
/** RFC 3339 appendix A: no unit is left out between two others. */
const DURATION =
  /^P(?=.)(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)$/
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@([^@]{1,255})$/
const HOST_LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i
/** RFC 3986 section 3, with the characters of each part and an address in brackets. */
const URI =
  /^[a-z][a-z\d+.-]*:(?:\/\/(?:(?:[\w.~:!$&'()*+,;=-]|%[\da-f]{2})*@)?(?:\[[\da-f:.v]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?(?=[/?#]|$)|(?!\/\/))(?:[\w.~:/@!$&'()*+,;=-]|%[\da-f]{2})*(?:\?(?:[\w.~:/?@!$&'()*+,;=-]|%[\da-f]{2})*)?(?:#(?:[\w.~:/?@!$&'()*+,;=-]|%[\da-f]{2})*)?$/i

/** Texts longer than this match no format, so that no test takes long. */
const FORMAT_CHARS_MAX = 2048

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = DATE.exec(text) ?? []
  const days = DAYS[Number(month) - 1]
  if (days === undefined || Number(day) < 1 || Number(day) > days) return false
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0)
  return isLeap || Number(month) !== 2 || Number(day) < 29
}

/** RFC 3339 section 5.6. A leap second exists only at the end of a day in UTC. */
function isTime(text: string): boolean {
  const match = TIME.exec(text)
  if (match === null) return false
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const [offsetHour, offsetMinute] = [Number(match[5] ?? 0), Number(match[6] ?? 0)]
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false
  if (second < 60) return true
  const offset = (offsetHour * 60 + offsetMinute) * (match[4] === '-' ? -1 : 1)
  return (hour * 60 + minute - offset + 1440) % 1440 === 1439
}

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => HOST_LABEL.test(label))
}

function isEmail(text: string): boolean {
  const [, domain = ''] = EMAIL.exec(text) ?? []
  const local = text.slice(0, text.indexOf('@'))
  return isHostname(domain) && !local.startsWith('.') && !local.endsWith('.') && !local.includes('..')
}

/** The formats that are checked (JSON Schema Validation section 7.3). Every other one is a comment. */
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['date', { example: 'a date such as 2026-01-31', test: isDate }],
  ['time', { example: 'a time such as 08:30:00Z', test: isTime }],
  [
    'date-time',
    {
      example: 'a date and time such as 2026-01-31T08:30:00Z',
      test: (text) => /^.{10}[tT]/.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
    },
  ],
  ['duration', { example: 'a duration such as P1DT12H', test: (text) => DURATION.test(text) }],
  ['email', { example: 'an e-mail address', test: isEmail }],
  ['hostname', { example: 'a host name such as api.example.com', test: isHostname }],
  ['ipv4', { example: 'an IPv4 address such as 192.0.2.1', test: isIPv4 }],
  [
    'ipv6',
    { example: 'an IPv6 address such as 2001:db8::1', test: (text) => isIPv6(text) && !text.includes('%') },
  ],
  ['uri', { example: 'a URI such as https://example.com/a', test: (text) => URI.test(text) }],
  ['uuid', { example: 'a UUID', test: (text) => UUID.test(text) }],
])

/** How many checks a test costs. */
export function formatCost(text: string): number {
  return 4 + Math.min(text.length, FORMAT_CHARS_MAX) / 8
}

/** Why a text does not have a format, as a sentence; null if it has, or if the format is not checked. */
export function formatProblem(format: string, text: string): string | null {
  const known = FORMATS.get(format)
  if (known === undefined) return null
  return text.length <= FORMAT_CHARS_MAX && known.test(text) ? null : `Send ${known.example}.`
}

export function isCheckedFormat(format: string): boolean {
  return FORMATS.has(format)
}
