import { z } from 'zod'

export const aliveAnswer = z.object({ status: z.literal('alive') })

export const readyAnswer = z.object({
  ready: z.boolean(),
  reason: z.string().optional().describe('The code of the problem that requests get while it is not ready.'),
  revision: z.int(),
  snapshotAgeSeconds: z.number().nullable().describe('Null before the first snapshot.'),
})
