import { z } from 'zod'
import { description, resourceName } from './fields/names.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

export const projectCreation = z.strictObject({
  name: resourceName,
  description: description.nullable().optional(),
})

export const projectChange = z.strictObject({ description: description.nullable() })

export const project = z.object({
  name: z.string(),
  description: z.string().nullable(),
  createdAt: timestamp,
})

export const projectChanged = z.object({ project, receipt })
