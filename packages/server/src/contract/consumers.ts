import { PIPELINES_PER_CONSUMER_MAX } from '@sallyport/core'
import { z } from 'zod'
import { consumerName, description, reference } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { timestamp } from './fields/timestamp.ts'
import { key, keyBounds } from './keys.ts'
import { receipt } from './receipt.ts'

const pipelines = z
  .array(reference)
  .max(PIPELINES_PER_CONSUMER_MAX)
  .describe('The names of the pipelines that the consumer may call.')

export const consumerCreation = z.strictObject({
  name: consumerName,
  description: description.nullable().optional(),
  environment: reference,
  pipelines: pipelines.optional(),
  key: keyBounds
    .optional()
    .describe('The expiry, address rules and rate limits of the first key. Default: none.'),
})

export const consumerChange = z.strictObject({
  description: description.nullable().optional(),
  pipelines: pipelines.optional(),
  status: z.enum(['active', 'inactive']).optional(),
})

export const consumerFilter = pageQuery.extend({ environment: reference.optional() })

export const consumer = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  environment: z.string(),
  status: z.enum(['active', 'inactive']),
  pipelines: z.array(z.string()),
  createdAt: timestamp,
  createdBy: z.string(),
})

export const consumerCreated = z.object({
  consumer,
  key,
  token: z.string().describe('Shown only once.'),
})

export const consumerChanged = z.object({ consumer, receipt })
