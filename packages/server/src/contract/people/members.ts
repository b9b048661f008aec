import { ROLES_PER_KEY_MAX } from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from '../fields/creation.ts'
import { reference } from '../fields/names.ts'
import { receipt } from '../receipt.ts'

export const memberChange = z.strictObject({
  roles: z
    .array(reference)
    .max(ROLES_PER_KEY_MAX)
    .describe(
      'The roles that the member has from now on. You can only give and take permissions that you have.',
    ),
})

export const member = z.object({
  id: z.string().describe('The id of the person, the same in every organization.'),
  email: z.string().describe('The e-mail address that the person signs in with.'),
  name: z.string().describe('The name of the person.'),
  roles: z.array(z.string()).describe('The roles of the person in this organization.'),
  createdAt: createdAt.describe('When the person became a member.'),
  createdBy: createdBy.describe(
    'The id of the person who joined, of who created the organization, or `setup`.',
  ),
})

export const memberChanged = z.object({ member: member.describe('The member after the change.'), receipt })
