import { POLICY_MODES } from '@sallyport/core'
import { z } from 'zod'
import { moment } from './moment.ts'
import { receipt } from './receipt.ts'
import { violation } from './violations.ts'

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

export const policyChanged = policy.extend({
  affected: z.array(z.object({ pipeline: z.string(), version: z.string(), violations: z.array(violation) })),
  receipt: receipt.optional().describe('Missing where nothing was changed.'),
})

export const conformityItem = z.object({
  pipeline: z.string(),
  version: z.string(),
  deploymentId: z.string(),
  conforming: z.boolean(),
  violations: z.array(violation),
})
