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
    revision: z
      .int()
      .describe('The number of the change in the installation. A later change has a higher one.'),
    confirmed: z
      .boolean()
      .describe(
        'True: every gateway has applied the change, or refuses calls until it has. False: the change is saved, but a gateway that `gateways` names, or that could not be asked, may still decide by the old state. Then ask again: repeat a `PATCH`, or the `DELETE` of a key, to wait once more with a new receipt; after any other change, read `GET /v1/organizations/{organization}/gateways` until each gateway in it has at least this `revision` and is not `stale`.',
      ),
    gateways: z
      .array(
        z.object({
          id: z.string().describe('As `GET /v1/organizations/{organization}/gateways` names it.'),
          state: z
            .enum(['applied', 'pending', 'past'])
            .describe(
              '`applied`: it decides by the change, or by a later one. `past`: it lost its connection before it had the change, and its lease is over. Then it refuses calls of environments with `whenStale: refuse`, and may serve others by the old state. `pending`: it has not reported yet.',
            ),
          confirmed: z
            .boolean()
            .describe(
              'Whether this gateway has applied the change, or can no longer decide by the old state.',
            ),
          seenAt: timestamp.describe('When the gateway last reported, by its own clock.'),
        }),
      )
      .describe('Every gateway of the installation when the change was saved.'),
    elapsedMs: z.number().describe('How long the request waited for the gateways, in milliseconds.'),
  })
  .describe('Proof that the change is in force, or which gateways have not applied it yet.')

/** The response to a removal. */
export const removedAnswer = z.object({ receipt })
