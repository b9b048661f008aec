import { z } from 'zod'
import { organization } from './organizations.ts'

export const whoamiAnswer = z.object({
  organization,
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
