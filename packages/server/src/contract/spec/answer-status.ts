import { z } from 'zod'

/** Statuses that a pipeline can answer with: the final ones (RFC 9110 section 15). */
const STATUS_MIN = 200
const STATUS_MAX = 599
const WHOLE = `A status is a whole number from ${STATUS_MIN} to ${STATUS_MAX}.`

/** What an answer of a pipeline can have as its status. */
export const answerStatus = z.int(WHOLE).min(STATUS_MIN, WHOLE).max(STATUS_MAX, WHOLE)
