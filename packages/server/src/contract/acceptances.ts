import { z } from 'zod'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

const ALLOWED = 'Whether another organization may accept the key.'

export const acceptanceChange = z.strictObject({ allowed: z.boolean().describe(ALLOWED) })

export const acceptanceChanged = z.object({ allowed: z.boolean().describe(ALLOWED), receipt })

export const organizationAcceptance = z.object({
  allowed: z.boolean().describe('Whether the organization lets others accept its keys at all.'),
})

const forbiddenBy = z
  .array(z.enum(['organization', 'key', 'partner']))
  .describe(
    'Which of your rules forbid it: the one for all keys, the one for the key, or the one for the key and this organization. Empty if it is allowed.',
  )
const status = z.enum(['active', 'inactive'])

export const acceptedKey = z.object({
  key: z
    .object({ id: z.string().describe('Its id.'), name: z.string().describe('Its name.') })
    .describe('Your key.'),
  organization: z
    .object({ slug: z.string().describe('Its slug.'), name: z.string().describe('Its name.') })
    .describe('The organization that has added the key.'),
  forbiddenBy,
  status: status.describe('Whether it has the key switched on.'),
  addedAt: timestamp.describe('When it added the key.'),
  lastUsedAt: timestamp.nullable().describe('When the key was last used there; null if never.'),
})

export const acceptances = z.object({
  allowed: z.boolean().describe('Whether organizations may accept the key that have no rule of their own.'),
  allowedForOrganization: z
    .boolean()
    .describe(
      'Whether the organization lets others accept its keys at all. If false, no organization can accept one.',
    ),
  items: z
    .array(
      z.object({
        organization: z
          .object({
            slug: z.string().describe('Its slug.'),
            name: z.string().nullable().describe('Its name; null if it has not added the key.'),
          })
          .describe('The other organization.'),
        allowed: z.boolean().describe('Whether it may accept the key, by all rules together.'),
        forbiddenBy,
        addedAt: timestamp.nullable().describe('When it added the key; null if it has not.'),
        status: status
          .nullable()
          .describe('Whether it has the key switched on; null if it has not added the key.'),
      }),
    )
    .describe('The organizations that have added the key, and those that may not accept it, by slug.'),
})
