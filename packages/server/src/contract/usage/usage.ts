import { z } from 'zod'
import { reference } from '../fields/names.ts'
import { pageQuery } from '../fields/paging.ts'
import { timestamp, timestampToMs } from '../fields/timestamp.ts'

const GROUPS = ['key', 'secret', 'consumer', 'environment', 'pipeline', 'version', 'code'] as const
const INTERVALS = ['minute', 'hour', 'day'] as const

export const usageFilter = pageQuery.extend({
  groupBy: z
    .enum(GROUPS)
    .optional()
    .describe('Sum up the requests of each of these apart. Without it, there is one sum for each interval.'),
  interval: z
    .enum(INTERVALS)
    .default('day')
    .describe('The length of the intervals that are summed up. Days are those of UTC.'),
  from: timestampToMs
    .optional()
    .describe(
      'The start of the period. The interval that it is in counts whole. Default: 60 minutes, 24 hours or 30 days before the end.',
    ),
  to: timestampToMs
    .optional()
    .describe('The end of the period. The interval that it is in counts whole. Default: now.'),
  environment: reference.optional().describe('Only requests to this environment.'),
  project: reference.optional().describe('Only requests to the pipelines of this project.'),
  pipeline: reference.optional().describe('Only requests to this pipeline.'),
  version: reference.optional().describe('Only requests to this version of a pipeline, such as `1.0`.'),
  code: reference
    .optional()
    .describe('Only requests with this decision: `valid`, or the code of a refusal, such as `key_expired`.'),
  key: reference.optional().describe('Only requests with this key, or with a JWT that was obtained with it.'),
  consumer: reference.optional().describe('Only requests of this consumer, by its id.'),
})

export const usageSum = z.object({
  group: z
    .string()
    .nullable()
    .describe(
      'The id of the key or consumer, `key_…/2` for the second secret of a key, the name of the environment or pipeline, `orders/1.0` for a version, or the code. Null for requests without a key or a consumer, and without `groupBy`.',
    ),
  at: timestamp.describe('The start of the interval.'),
  requests: z.int().describe('How many requests there were.'),
  allowed: z.int().describe('How many of them were let in.'),
  refused: z.int().describe('How many of them were refused.'),
})
