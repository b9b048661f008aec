import { z } from 'zod'

/** The final statuses (RFC 9110 section 15); a pipeline cannot respond with an interim one. */
const STATUS_MIN = 200
const STATUS_MAX = 599
const WHOLE = `A status is a whole number from ${STATUS_MIN} to ${STATUS_MAX}.`

/** The status of a pipeline's response. */
export const answerStatus = z.int(WHOLE).min(STATUS_MIN, WHOLE).max(STATUS_MAX, WHOLE)
