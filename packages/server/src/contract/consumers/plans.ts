import { z } from 'zod'
import { createdAt, createdBy } from '../fields/creation.ts'
import { description, resourceName, title } from '../fields/names.ts'
import { planLimit, planRateLimits } from '../fields/rate-limits.ts'
import { receipt } from '../receipt.ts'

const TITLE = 'A name for people to read, in any script.'
const DESCRIPTION = 'A text for people to read.'
const RATE_LIMITS = 'The rate limits of each consumer that has the plan; empty for none.'

export const planCreation = z.strictObject({
  name: resourceName.describe('The name, unique within the environment.'),
  title: title.nullable().optional().describe(TITLE),
  description: description.nullable().optional().describe(DESCRIPTION),
  rateLimits: planRateLimits
    .optional()
    .describe(`${RATE_LIMITS} At most one for each \`per\` and \`scope\`.`),
})

export const planChange = z.strictObject({
  title: title.nullable().optional().describe(TITLE),
  description: description.nullable().optional().describe(DESCRIPTION),
  rateLimits: planRateLimits
    .optional()
    .describe('All rate limits that the plan has afterwards. What was used under a limit stays used.'),
})

export const plan = z
  .object({
    name: z.string().describe('The name, unique within the environment.'),
    title: z.string().nullable().describe(TITLE),
    description: z.string().nullable().describe(DESCRIPTION),
    environment: z.string().describe('The name of its environment.'),
    rateLimits: z.array(planLimit).describe(RATE_LIMITS),
    createdAt,
    createdBy,
  })
  .describe('The plan.')

export const planChanged = z.object({ plan, receipt })
