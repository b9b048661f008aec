import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { description, resourceName } from './fields/names.ts'
import { receipt } from './fields/receipt.ts'

export const projectCreation = z.strictObject({
  name: resourceName,
  description: description.nullable().optional(),
})

export const projectChange = z.strictObject({ description: description.nullable() })

export const project = z.object({
  name: z.string(),
  description: z.string().nullable(),
  createdAt: moment,
})

export const projectChanged = z.object({ project, receipt })
