import { z } from 'zod'

/** A time in a response: RFC 3339 in UTC, with milliseconds. */
export const timestamp = z.iso.datetime()

/** A time in a request: RFC 3339 with any offset; becomes ms since 1970. */
export const timestampToMs = z.iso
  .datetime({ offset: true, error: 'Use an RFC 3339 timestamp, such as 2027-01-31T00:00:00Z.' })
  .transform((text) => Date.parse(text))
