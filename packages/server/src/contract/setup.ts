import { z } from 'zod'
import { organizationCreated, organizationCreation } from './organizations.ts'

const SETUP_TOKEN_CHARS_MAX = 512
const TEXT_CHARS_MAX = 320

const text = z.string().min(1).max(TEXT_CHARS_MAX)

export const setupRequest = z.strictObject({
  setupToken: z
    .string()
    .min(1)
    .max(SETUP_TOKEN_CHARS_MAX)
    .describe('The setting `SALLYPORT_SETUP_TOKEN`, or the token that the server printed at its start.'),
  organization: organizationCreation.describe('The first organization.'),
  owner: z
    .strictObject({
      email: text.describe('Not stored.'),
      password: text.describe('Not stored.'),
      name: text.describe('Not stored.'),
    })
    .optional()
    .describe(
      'A person. This version has no sign-in for people: it stores nothing of this, and says so in `notices`.',
    ),
})

export const setupAnswer = organizationCreated.extend({
  notices: z.array(z.string()).optional().describe('Parts of the request that had no effect.'),
})
