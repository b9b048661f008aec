import { z } from 'zod'
import { username } from './fields/names.ts'
import { timestamp } from './fields/timestamp.ts'

export const basicCredentialCreation = z.strictObject({ username })

export const basicCredential = z.object({
  username: z.string(),
  createdAt: timestamp,
  createdBy: z.string(),
})

export const basicCredentialCreated = basicCredential.extend({
  password: z.string().describe('Shown only once.'),
})
