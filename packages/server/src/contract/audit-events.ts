import { z } from 'zod'
import { timestamp } from './fields/timestamp.ts'

export const auditEvent = z.object({
  sequence: z.int().describe('The number of the event in the organization: 1, 2, 3, and so on without gaps.'),
  at: timestamp.describe('When it happened.'),
  actor: z
    .string()
    .describe(
      'Who did it: the id of a key or a person, `setup`, or `housekeeping`, which removes what has expired.',
    ),
  action: z.string().describe('What was done, such as `keys.create`.'),
  target: z.string().describe('To what, as kind and id, such as `key/key_4fT0Qm2ZrX9bLk7A`.'),
  before: z.unknown().describe('The target before the change, without secrets; null if it did not exist.'),
  after: z.unknown().describe('The target after the change, without secrets; null if it no longer exists.'),
  previousHash: z.string().describe('The `hash` of the event before; 64 zeros for the first one.'),
  hash: z.string().describe('SHA-256 over `previousHash` and this event, in hexadecimal.'),
})
