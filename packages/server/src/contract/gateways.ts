import { z } from 'zod'
import { timestamp } from './fields/timestamp.ts'

export const gateway = z.object({
  id: z.string().describe('As receipts name it. A restarted gateway has a new id.'),
  role: z.string().describe('Always `gateway`.'),
  revision: z.int().describe('The `revision` of the newest change that it has applied, as in receipts.'),
  seenAt: timestamp.describe('When it last reported, by its own clock.'),
  stale: z.boolean().describe('Whether it may not have applied the newest changes.'),
})
