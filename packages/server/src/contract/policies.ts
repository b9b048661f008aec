import { POLICY_MODES } from '@sallyport/core'
import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { receipt } from './fields/receipt.ts'
import { violation } from './fields/violations.ts'

const mode = z.enum(POLICY_MODES)

export const policyChange = z.strictObject({
  mode,
  dryRun: z.boolean().default(false).describe('Tell what would be affected, and change nothing.'),
})

export const policy = z.object({
  mode,
  version: z.int(),
  updatedAt: moment,
  updatedBy: z.string(),
  conformity: z.object({ total: z.int(), conforming: z.int() }),
})

export const policyVersion = policy
  .omit({ conformity: true })
  .extend({ createdAt: moment.describe('The same as `updatedAt`.') })

export const policyChanged = policy.extend({
  affected: z
    .array(
      z.object({
        pipeline: z.string(),
        version: z.string(),
        deploymentId: z.string(),
        stopsConforming: z.boolean().describe('Whether it conforms to what was demanded before.'),
        violations: z.array(violation),
      }),
    )
    .describe('Every live deployment that falls short of the mode.'),
  receipt: receipt.optional().describe('Missing where nothing was changed.'),
})

export const conformityItem = z.object({
  pipeline: z.string(),
  version: z.string(),
  deploymentId: z.string(),
  conforming: z.boolean(),
  violations: z.array(violation),
})
