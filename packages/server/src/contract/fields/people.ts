import {
  EMAIL,
  EMAIL_CHARS_MAX,
  parseEmail,
  parsePassword,
  PASSWORD_CHARS_MAX,
  PASSWORD_CHARS_MIN,
} from '@sallyport/core'
import { z } from 'zod'
import { title } from './names.ts'
import { documentedString, parsed } from './parsed.ts'

/** The address of a new account or invitation. */
export const email = parsed(documentedString({ maxLength: EMAIL_CHARS_MAX, pattern: EMAIL }), parseEmail)

/** A password that is being set. */
export const newPassword = parsed(
  documentedString({ minLength: PASSWORD_CHARS_MIN, maxLength: PASSWORD_CHARS_MAX }),
  parsePassword,
)

/** A person who gets an account. */
export const newPerson = z.strictObject({
  email: email.describe(
    'The e-mail address that the person signs in with. Upper and lower case are the same.',
  ),
  name: title.describe('The name of the person, for people to read.'),
  password: newPassword.describe(
    `${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters of any kind, and not one that is easy to guess.`,
  ),
})

/** A text that is compared with what is stored; its form does not matter. */
export const credentialText = z.string().min(1).max(1024)

/** The token of a link. People paste the whole link instead, whose token is after the only `#`. */
export const linkToken = credentialText
  .regex(/^[^#]*$/, 'Send only the part of the link after "#".')
  .describe('The part of the link after `#`.')
