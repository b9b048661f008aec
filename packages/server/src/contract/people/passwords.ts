import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from '@sallyport/core'
import { z } from 'zod'
import { credentialText, linkToken, newPassword } from '../fields/people.ts'
import { timestamp } from '../fields/timestamp.ts'

const password = newPassword.describe(
  `The new password: ${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters of any kind.`,
)

export const resetRequest = z.strictObject({
  email: credentialText.describe('The e-mail address that the person signs in with.'),
})

export const resetRequestAnswer = z.object({
  detail: z.string().describe('What happens next, the same for known and unknown addresses.'),
})

export const passwordReset = z.strictObject({
  token: linkToken,
  password,
})

export const passwordChange = z.strictObject({
  current: credentialText
    .optional()
    .describe(
      'The password until now. A person without a password confirms with `POST /v1/session/step-up` instead.',
    ),
  password,
})

export const resetLink = z.object({
  link: z.string().describe('The link to hand over. It is shown once.'),
  token: z.string().describe('What `POST /v1/auth/reset` takes: the part of the link after `#`.'),
  expiresAt: timestamp.describe('When it stops working.'),
})
