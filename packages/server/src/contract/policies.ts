import { POLICY_MODES } from '@sallyport/core'
import { z } from 'zod'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'
import { violation } from './violations.ts'

const mode = z.enum(POLICY_MODES).describe('Which credentials each pipeline in the environment must require.')

export const policyChange = z.strictObject({
  mode,
  dryRun: z.boolean().default(false).describe('Report the affected deployments without changing the policy.'),
})

export const policy = z.object({
  mode,
  version: z
    .int()
    .describe('1 for the mode that the environment started with, then one more for each change.'),
  updatedAt: timestamp.describe('When this version of the policy was set.'),
  updatedBy: z.string().describe('Who set it: the id of a key, or `setup`.'),
  conformity: z
    .object({
      total: z.int().describe('The live deployments of the environment.'),
      conforming: z.int().describe('Those that conform to the mode.'),
    })
    .describe('How many live deployments conform.'),
})

export const policyVersion = policy
  .omit({ conformity: true })
  .extend({ createdAt: timestamp.describe('The same as `updatedAt`.') })

export const policyChanged = policy.extend({
  affected: z
    .array(
      z.object({
        pipeline: z.string().describe('The name of the pipeline.'),
        version: z.string().describe('The deployed version.'),
        deploymentId: z.string().describe('The id of the deployment.'),
        stopsConforming: z.boolean().describe('Whether it conforms to the previous mode.'),
        violations: z.array(violation).describe('Everything that the deployment lacks.'),
      }),
    )
    .describe('Every live deployment that does not conform to the mode.'),
  receipt: receipt.optional().describe('Absent after a dry run.'),
})

export const conformityItem = z.object({
  pipeline: z.string().describe('The name of the pipeline.'),
  version: z.string().describe('The deployed version.'),
  deploymentId: z.string().describe('The id of the deployment.'),
  conforming: z.boolean().describe('Whether the deployment conforms to the policy.'),
  violations: z.array(violation).describe('Everything that the deployment lacks; empty if it conforms.'),
})
