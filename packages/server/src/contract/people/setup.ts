import { z } from 'zod'
import { newPerson } from '../fields/people.ts'
import { organizationCreated, organizationCreation } from '../organizations.ts'
import { signedInMember } from './sessions.ts'

const SETUP_TOKEN_CHARS_MAX = 512
export const setupRequest = z.strictObject({
  setupToken: z
    .string()
    .min(1)
    .max(SETUP_TOKEN_CHARS_MAX)
    .describe('The setting `SALLYPORT_SETUP_TOKEN`, or the token that the server printed at its start.'),
  organization: organizationCreation.describe('The first organization.'),
  owner: newPerson
    .optional()
    .describe('The person who owns the organization. They sign in with `POST /v1/auth/sign-in`.'),
})

export const setupState = z.object({
  done: z.boolean().describe('Whether an organization exists, so that set-up is over.'),
})

export const setupAnswer = organizationCreated.extend({
  member: signedInMember.optional().describe('The owner, if the request had one.'),
})
