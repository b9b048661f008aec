import { z } from 'zod'

export const aliveAnswer = z.object({ status: z.literal('alive') })

export const readyAnswer = z.object({
  ready: z.boolean(),
  revision: z.int(),
  snapshotAgeSeconds: z.number().nullable().describe('Null before the first snapshot.'),
})
