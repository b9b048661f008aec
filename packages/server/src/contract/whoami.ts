import { z } from 'zod'

export const whoamiAnswer = z.object({
  organization: z.string().describe('The slug of the organization that owns the key.'),
  key: z
    .object({
      id: z.string().describe('The id of the key.'),
      type: z.enum(['public', 'secret']).describe('A public key may only call this operation.'),
      name: z.string().describe('The name of the key.'),
    })
    .describe('The key that you sent.'),
  permissions: z
    .array(
      z.object({
        permission: z.string().describe('What the key may do, such as `keys.create`.'),
        environment: z.string().optional().describe('Only in this environment; absent for all.'),
        project: z.string().optional().describe('Only in this project; absent for all.'),
        pipeline: z.string().optional().describe('Only for this pipeline; absent for all.'),
      }),
    )
    .describe('What the key may do.'),
})
