import { POLICY_MODES } from '@sallyport/core'
import { z } from 'zod'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'
import { violation } from './violations.ts'

const mode = z.enum(POLICY_MODES)

export const policyChange = z.strictObject({
  mode,
  dryRun: z.boolean().default(false).describe('Report the affected deployments without changing the policy.'),
})

export const policy = z.object({
  mode,
  version: z.int(),
  updatedAt: timestamp,
  updatedBy: z.string(),
  conformity: z.object({ total: z.int(), conforming: z.int() }),
})

export const policyVersion = policy
  .omit({ conformity: true })
  .extend({ createdAt: timestamp.describe('The same as `updatedAt`.') })

export const policyChanged = policy.extend({
  affected: z
    .array(
      z.object({
        pipeline: z.string(),
        version: z.string(),
        deploymentId: z.string(),
        stopsConforming: z.boolean().describe('Whether it conforms to the previous mode.'),
        violations: z.array(violation),
      }),
    )
    .describe('Every live deployment that does not conform to the mode.'),
  receipt: receipt.optional().describe('Absent after a dry run.'),
})

export const conformityItem = z.object({
  pipeline: z.string(),
  version: z.string(),
  deploymentId: z.string(),
  conforming: z.boolean(),
  violations: z.array(violation),
})
