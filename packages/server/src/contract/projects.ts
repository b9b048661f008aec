import { z } from 'zod'
import { moment } from './moment.ts'
import { description, resourceName } from './names.ts'
import { receipt } from './receipt.ts'

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
