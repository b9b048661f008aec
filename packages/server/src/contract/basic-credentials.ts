import { z } from 'zod'
import { username } from './fields/names.ts'
import { createdAt, createdBy } from './fields/creation.ts'

export const basicCredentialCreation = z.strictObject({ username })

export const basicCredential = z.object({
  username: z.string().describe('Unique within the environment of the consumer.'),
  createdAt,
  createdBy,
})

export const basicCredentialCreated = basicCredential.extend({
  password: z.string().describe('Shown only once.'),
})
