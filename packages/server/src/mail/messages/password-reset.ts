import type { Mail } from '../mail.ts'
import { paragraphs, timeInMail } from './plain-text.ts'

export interface PasswordResetFacts {
  readonly to: string
  readonly link: string
  readonly expiresAtMs: number
}

/** Gives somebody who forgot the password a link to set a new one. */
export function passwordResetMail({ to, link, expiresAtMs }: PasswordResetFacts): Mail {
  return {
    kind: 'password-reset',
    to,
    organization: null,
    subject: 'Set a new password',
    text: paragraphs(
      'A new password was requested for your account on Sallyport.',
      `To set it, open this link:\n${link}`,
      `It works once, until ${timeInMail(expiresAtMs)}.`,
      'If you did not request it, ignore this mail: your password stays as it is.',
    ),
  }
}
