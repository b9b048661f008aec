import { EXPRESSION_CHARS_MAX } from '@sallyport/core'
import { z } from 'zod'

/** An expression as it is written; the gate parses it at deployment. */
export const expression = z
  .string()
  .min(1, 'An expression must not be empty.')
  .max(EXPRESSION_CHARS_MAX)
  .describe('A JSONata expression over the message.')
