import { GRACE_SECONDS_MAX } from '@sallyport/core'
import { z } from 'zod'

/** May be left out altogether. */
export const keyRoll = z
  .strictObject({
    graceSeconds: z
      .int()
      .min(0)
      .max(GRACE_SECONDS_MAX)
      .optional()
      .describe('How long the old secret goes on, in seconds: 12 hours unless given.'),
  })
  .nullish()
