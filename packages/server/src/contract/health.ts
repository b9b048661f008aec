import { z } from 'zod'

const NOT_READY_REASONS = ['starting', 'stopping', 'snapshot_stale', 'database_unavailable'] as const

export const aliveAnswer = z.object({ status: z.literal('alive') })

export const readyAnswer = z.object({
  ready: z.boolean(),
  reason: z
    .enum(NOT_READY_REASONS)
    .optional()
    .describe('Why requests cannot be answered. Only while `ready` is false.'),
  revision: z.int(),
  snapshotAgeSeconds: z.number().nullable().describe('Null before the first snapshot.'),
})
