import { z } from 'zod'
import { timestamp } from './fields/timestamp.ts'

export const gateway = z.object({
  id: z
    .string()
    .describe(
      'As receipts name it. A gateway that uses the database itself has a new id after each start; an enrolled one keeps its own.',
    ),
  role: z
    .string()
    .describe(
      '`gateway`; `control` for a control node, which decides for `POST /v1/verify` alone; `gate` for a gate inside another program; `relay`, which decides nothing.',
    ),
  name: z.string().nullable().describe('What operators call an enrolled gateway; null for others.'),
  revision: z.int().describe('The `revision` of the newest change that it has applied, as in receipts.'),
  seenAt: timestamp.describe('When it last reported, by its own clock.'),
  stale: z.boolean().describe('Whether it may not have applied the newest changes.'),
  lease: z
    .enum(['held', 'over'])
    .describe(
      '`over`: it has no connection to a control node. What it does with calls then is the `whenStale` of their environment.',
    ),
  attached: z
    .boolean()
    .describe(
      'Whether it has ever had a connection to a control node. One that enrolled and has not decides nothing, and receipts leave it out.',
    ),
  needsUpgrade: z
    .boolean()
    .describe(
      'Whether it gets no changes any more, because one of them has a part that its release does not know and would ignore.',
    ),
  version: z.string().nullable().describe('Of its program; null if it has not said.'),
  threads: z.int().nullable().describe('How many threads decide in it; null if it has not said.'),
  openExchanges: z
    .int()
    .nullable()
    .describe('How many calls and connections were open when it last reported; null if it has not said.'),
  clockOffsetMs: z
    .number()
    .nullable()
    .describe("How far its clock is ahead of its control node's, in milliseconds; null if it is not known."),
})
