import { EXPRESSION_CHARS_MAX } from '@sallyport/core'
import { z } from 'zod'

/** An expression as it is written; whether it can be read is found out at deployment. */
export const expression = z
  .string()
  .min(1, 'An expression is not empty.')
  .max(EXPRESSION_CHARS_MAX)
  .describe('A JSONata expression over the message.')
