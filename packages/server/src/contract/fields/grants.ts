import { z } from 'zod'

/** The permissions that an actor has, in answers. */
export const grantsHeld = z.array(
  z.object({
    permission: z.string().describe('What the actor may do, such as `keys.create`.'),
    environment: z.string().optional().describe('Only in this environment; absent for all.'),
    project: z.string().optional().describe('Only in this project; absent for all.'),
    pipeline: z.string().optional().describe('Only for this pipeline; absent for all.'),
  }),
)
