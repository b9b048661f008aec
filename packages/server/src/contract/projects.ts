import { z } from 'zod'
import { description, resourceName } from './fields/names.ts'
import { createdAt } from './fields/creation.ts'
import { receipt } from './receipt.ts'

export const projectCreation = z.strictObject({
  name: resourceName.describe('The name, unique within the organization.'),
  description: description.nullable().optional().describe('A text for people to read.'),
})

export const projectChange = z.strictObject({
  description: description.nullable().describe('A text for people to read.'),
})

export const project = z
  .object({
    name: z.string().describe('The name, unique within the organization.'),
    description: z.string().nullable().describe('A text for people to read.'),
    createdAt,
  })
  .describe('The project.')

export const projectChanged = z.object({ project, receipt })
