import { z } from 'zod'

/** A time in an answer: RFC 3339 in UTC, with milliseconds. */
export const moment = z.iso.datetime()

/** A time in a request: RFC 3339 with any offset; becomes ms since 1970. */
export const momentToMs = z.iso
  .datetime({ offset: true, error: 'A time is RFC 3339, such as 2030-01-31T12:00:00Z.' })
  .transform((text) => Date.parse(text))
