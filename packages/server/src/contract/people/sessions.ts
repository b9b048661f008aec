import { z } from 'zod'
import { grantsHeld } from '../fields/grants.ts'
import { credentialText } from '../fields/people.ts'
import { timestamp } from '../fields/timestamp.ts'
import { passkeyProof } from './passkeys.ts'

/** The person who is signed in. */
export const signedInMember = z
  .object({
    id: z.string().describe('The id of the person, the same in every organization.'),
    email: z.string().describe('The e-mail address that the person signs in with.'),
    name: z.string().describe('The name of the person.'),
  })
  .describe('The person who is signed in.')

const csrf = z
  .string()
  .describe(
    'What a page sends as `x-csrf-token` with a POST without a JSON body. Browsers that send `Origin` do not need it.',
  )

export const signInRequest = z.strictObject({
  email: credentialText.describe('The e-mail address of the person, in upper or lower case.'),
  password: credentialText.describe('The password.'),
  code: credentialText
    .optional()
    .describe('A code of the authenticator app or a recovery code, if the person has a second factor.'),
})

export const signInAnswer = z.object({ member: signedInMember, csrfToken: csrf })

export const sessionAnswer = z.object({
  member: signedInMember,
  organizations: z
    .array(
      z.object({
        slug: z.string().describe('The slug of the organization.'),
        name: z.string().describe('The name of the organization.'),
        roles: z.array(z.string()).describe('The roles of the person there.'),
        permissions: grantsHeld.describe('What the person may do there.'),
      }),
    )
    .describe('The organizations that the person is a member of; empty while the second factor is missing.'),
  expiresAt: timestamp.describe('When the session ends if it is not used again.'),
  confirmedAt: timestamp
    .nullable()
    .describe('When the person last proved who they are; null if only a provider said so.'),
  secondFactorRequired: z
    .boolean()
    .describe('True: the session can do nothing until the second factor is sent.'),
  csrfToken: csrf,
})

const otherSession = z.object({
  id: z.string().describe('The id of the session.'),
  method: z.enum(['password', 'passkey', 'provider']).describe('How the person signed in.'),
  createdAt: timestamp.describe('When the person signed in.'),
  lastUsedAt: timestamp.describe('When it was last used, to the minute.'),
  expiresAt: timestamp.describe('When it ends if it is not used again.'),
  address: z.string().nullable().describe('The address of the sign-in; null if it is unknown.'),
  userAgent: z.string().nullable().describe('What the browser or program called itself; null for nothing.'),
})

export const otherSessions = z.object({
  items: z.array(otherSession).describe('The other sessions of the person, oldest first.'),
  next: z.null().describe('Always null: all are in this answer.'),
})

/** A code of the second factor. */
export const codeRequest = z.strictObject({
  code: credentialText.describe('A code of the authenticator app, or a recovery code.'),
})

export const stepUpRequest = z
  .union(
    [
      z.strictObject({ password: credentialText.describe('The password of the person.') }),
      codeRequest,
      z.strictObject({
        passkey: passkeyProof.describe(
          'One of the passkeys of the person, for `POST /v1/session/step-up/passkey-options`.',
        ),
      }),
    ],
    'Send either `password` or `code`, as a text, or `passkey`.',
  )
  .describe('Either the password, a code of the second factor, or a passkey.')
