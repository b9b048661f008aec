import { z } from 'zod'
import { grantsHeld } from './fields/grants.ts'

export const whoamiAnswer = z.object({
  organization: z.string().describe('The slug of the organization that owns the key.'),
  key: z
    .object({
      id: z.string().describe('The id of the key.'),
      type: z.enum(['public', 'secret']).describe('A public key may only call this operation.'),
      name: z.string().describe('The name of the key.'),
    })
    .describe('The key that you sent.'),
  permissions: grantsHeld.describe('What the key may do.'),
})
