import { z } from 'zod'

/** The body of a POST that needs nothing. */
export const nothing = z.strictObject({}).nullish().describe('Nothing, or an empty object.')

/** The answer 204. */
export const done = z.null().describe('Nothing.')
