import { z } from 'zod'
import { organizationCreated, organizationCreation } from './organizations.ts'

const SETUP_TOKEN_CHARS_MAX = 512
const TEXT_CHARS_MAX = 320

const text = z.string().min(1).max(TEXT_CHARS_MAX)

export const setupRequest = z.strictObject({
  setupToken: z.string().min(1).max(SETUP_TOKEN_CHARS_MAX),
  organization: organizationCreation,
  owner: z
    .strictObject({ email: text, password: text, name: text })
    .optional()
    .describe(
      'A person. People cannot sign in to this version: the answer says so, and nothing of it is kept.',
    ),
})

export const setupAnswer = organizationCreated.extend({
  notices: z.array(z.string()).optional().describe('What was asked for and not done, as sentences.'),
})
