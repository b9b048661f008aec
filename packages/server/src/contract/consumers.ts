import { z } from 'zod'
import { key } from './keys.ts'
import { moment } from './fields/timestamp.ts'
import { consumerName, description, reference } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { receipt } from './fields/receipt.ts'

const PIPELINES_MAX = 500

const pipelines = z.array(reference).max(PIPELINES_MAX).describe('The names of the pipelines it may call.')

export const consumerCreation = z.strictObject({
  name: consumerName,
  description: description.nullable().optional(),
  environment: reference,
  pipelines: pipelines.optional(),
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
  createdAt: moment,
  createdBy: z.string(),
})

export const consumerCreated = z.object({
  consumer,
  key,
  token: z.string().describe('Shown this once.'),
})

export const consumerChanged = z.object({ consumer, receipt })
