const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d`
/** The form that is sent, and the two older ones that are still read (RFC 9110 section 5.6.7). */
const IMF_FIXDATE = new RegExp(String.raw`^[A-Z][a-z]{2}, \d\d ${MONTH} \d{4} ${TIME} GMT$`)
const RFC_850 = new RegExp(String.raw`^[A-Z][a-z]{5,8}, \d\d-${MONTH}-\d\d ${TIME} GMT$`)
const ASCTIME = new RegExp(String.raw`^[A-Z][a-z]{2} ${MONTH} [ \d]\d ${TIME} \d{4}$`)

/**
 * The time of a date in a header, in ms since 1970; NaN for any other text. `Date.parse` alone also reads a number of seconds
 * as a year.
 */
export function httpDateMs(text: string): number {
  if (IMF_FIXDATE.test(text) || RFC_850.test(text)) return Date.parse(text)
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : Number.NaN
}
