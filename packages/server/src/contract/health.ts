import { z } from 'zod'

const NOT_READY_REASONS = [
  'starting',
  'stopping',
  'snapshot_stale',
  'removed',
  'database_unavailable',
] as const

export const aliveAnswer = z.object({
  status: z.literal('alive').describe('Always `alive`: a process that is not alive does not answer.'),
})

export const readyAnswer = z.object({
  ready: z.boolean().describe('Whether the port can answer requests. The status is 503 if not.'),
  reason: z
    .enum(NOT_READY_REASONS)
    .optional()
    .describe('Why requests cannot be answered. Only while `ready` is false.'),
  revision: z
    .int()
    .optional()
    .describe(
      "The revision of the gateway's snapshot; 0 before the first one. Missing for a `Host` that is not allowed.",
    ),
  snapshotAgeSeconds: z
    .number()
    .nullable()
    .optional()
    .describe(
      "The age of the gateway's snapshot; null before the first one. Missing for a `Host` that is not allowed.",
    ),
})
