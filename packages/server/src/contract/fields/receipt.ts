import { z } from 'zod'
import { moment } from './timestamp.ts'

/** How long a change waits for its receipt unless the caller says otherwise, in seconds. */
export const WAIT_SECONDS_DEFAULT = 5
const WAIT_SECONDS_MAX = 60

/** What whatever takes rights away takes: how long to wait for the gateways. */
export const waitQuery = z.strictObject({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(WAIT_SECONDS_MAX)
    .default(WAIT_SECONDS_DEFAULT)
    .describe('How many seconds to wait until every gateway has applied the change.'),
})

export const receipt = z
  .object({
    revision: z.int(),
    confirmed: z.boolean().describe('Whether every gateway has applied the change.'),
    gateways: z.array(z.object({ id: z.string(), confirmed: z.boolean(), seenAt: moment })),
    elapsedMs: z.number(),
  })
  .describe('The proof that the change is in force, or of where it is not yet.')

/** The answer to a removal. */
export const removedAnswer = z.object({ receipt })
