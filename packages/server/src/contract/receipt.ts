import { z } from 'zod'
import { queryInteger } from './fields/parsed.ts'
import { timestamp } from './fields/timestamp.ts'

/** How long a change waits for its receipt by default, in seconds. */
export const WAIT_SECONDS_DEFAULT = 5
const WAIT_SECONDS_MAX = 60

/** The query of every change that gateways confirm. */
export const waitQuery = z.strictObject({
  wait: queryInteger({ minimum: 0, maximum: WAIT_SECONDS_MAX, default: WAIT_SECONDS_DEFAULT }).describe(
    'How many seconds to wait until every gateway has applied the change.',
  ),
})

export const receipt = z
  .object({
    revision: z.int(),
    confirmed: z.boolean().describe('Whether every gateway has applied the change.'),
    gateways: z.array(z.object({ id: z.string(), confirmed: z.boolean(), seenAt: timestamp })),
    elapsedMs: z.number(),
  })
  .describe('Proof that the change is in force, or which gateways have not applied it yet.')

/** The response to a removal. */
export const removedAnswer = z.object({ receipt })
