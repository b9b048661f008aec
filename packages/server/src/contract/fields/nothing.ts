import { z } from 'zod'

/** The body of a POST that needs nothing. */
export const nothing = z.strictObject({}).nullish().describe('Nothing, or an empty object.')
