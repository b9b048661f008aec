import { z } from 'zod'

export const aliveAnswer = z.object({ status: z.literal('alive') })

export const readyAnswer = z.object({
  ready: z.boolean(),
  reason: z
    .enum(['stopping', 'snapshot_stale', 'database_unavailable'])
    .optional()
    .describe('Why requests cannot be answered. Only while `ready` is false.'),
  revision: z.int(),
  snapshotAgeSeconds: z.number().nullable().describe('Null before the first snapshot.'),
})
