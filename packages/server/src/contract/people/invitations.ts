import { ROLES_PER_KEY_MAX } from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from '../fields/creation.ts'
import { reference, title } from '../fields/names.ts'
import { email, linkToken, newPassword } from '../fields/people.ts'
import { timestamp } from '../fields/timestamp.ts'
import { signedInMember } from './sessions.ts'

export const invitationCreation = z.strictObject({
  email: email.describe('The address of the person to invite. Only this address can accept.'),
  roles: z
    .array(reference)
    .min(1, 'Name at least one role.')
    .max(ROLES_PER_KEY_MAX)
    .describe('The roles of the new member. You can only give permissions that you have.'),
})

export const invitation = z.object({
  id: z.string().describe('The id of the invitation.'),
  email: z.string().describe('Who is invited.'),
  roles: z.array(z.string()).describe('The roles that the person gets.'),
  expiresAt: timestamp.describe('Until when it can be accepted: 7 days after it was created.'),
  createdAt,
  createdBy,
})

export const invitationCreated = invitation.extend({
  link: z.string().describe('Where the person accepts. Shown only once; do not share it with others.'),
  token: z.string().describe('What `POST /v1/invitations/accept` takes: the part of the link after `#`.'),
})

export const invitationAcceptance = z.strictObject({
  token: linkToken,
  name: title.optional().describe('The name of a person who has no account yet.'),
  password: newPassword.optional().describe('The password of a person who has no account yet.'),
})

export const invitationAccepted = z.object({
  organization: z
    .object({
      slug: z.string().describe('The slug of the organization.'),
      name: z.string().describe('The name of the organization.'),
    })
    .describe('The organization that the person is a member of now.'),
  member: signedInMember,
  roles: z.array(z.string()).describe('The roles of the person there.'),
})
