import { z } from 'zod'
import { timestamp } from './fields/timestamp.ts'

export const auditEvent = z.object({
  sequence: z.int(),
  at: timestamp,
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  previousHash: z.string(),
  hash: z.string(),
})
