import { z } from 'zod'
import { moment } from './fields/timestamp.ts'

/** Visible ASCII without the colon that ends a username (RFC 7617 section 2). */
const USERNAME = /^[!-9;-~]{1,100}$/

export const basicCredentialCreation = z.strictObject({
  username: z
    .string()
    .regex(USERNAME, 'A username is 1 to 100 visible ASCII characters without a colon.')
    .describe('Unique within the environment of the consumer.'),
})

export const basicCredential = z.object({
  username: z.string(),
  createdAt: moment,
  createdBy: z.string(),
})

export const basicCredentialCreated = z.object({
  ...basicCredential.shape,
  password: z.string().describe('Shown this once.'),
})
