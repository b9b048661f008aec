import { z } from 'zod'

export const whoamiAnswer = z.object({
  organization: z.string().describe('The slug of the organization that owns the key.'),
  key: z.object({ id: z.string(), type: z.enum(['public', 'secret']), name: z.string() }),
  permissions: z.array(
    z.object({
      permission: z.string(),
      environment: z.string().optional(),
      project: z.string().optional(),
      pipeline: z.string().optional(),
    }),
  ),
})
