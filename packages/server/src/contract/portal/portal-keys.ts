import { z } from 'zod'
import { credentialText } from '../fields/people.ts'
import { pageQuery } from '../fields/paging.ts'
import { title } from '../fields/names.ts'
import { key, keyBounds, rollProgress } from '../keys.ts'
import { usageFilter } from '../usage/usage.ts'

export const portalOpening = z.strictObject({
  secret: credentialText
    .regex(/^[^#]*$/, 'Send only the part of the link after "#".')
    .describe('The part of the link after `#`.'),
})

export const portalKeyCreation = z.strictObject({
  name: title.describe('The name for people to read. Spaces at its ends are removed.'),
  ...keyBounds.shape,
})

/** One key in a read, with the roll in progress. */
export const portalKeyWithRoll = key.extend({
  roll: rollProgress.nullable().describe('How the roll goes on; null if the key is not rolling.'),
})

export const portalKeyCreated = z.object({
  key,
  token: z.string().describe('The token, which is shown only once.'),
})

const { interval, from, to, pipeline, code, key: usedKey } = usageFilter.shape

/** What of its own use a consumer can ask for. */
export const portalUsageFilter = pageQuery.extend({
  groupBy: z
    .enum(['key', 'secret', 'pipeline', 'code'])
    .optional()
    .describe('Sum up the requests of each of these apart. Without it, there is one sum for each interval.'),
  interval,
  from,
  to,
  pipeline,
  code,
  key: usedKey,
})
