import type { Mail } from '../mail.ts'
import { nameInMail, paragraphs, timeInMail } from './plain-text.ts'

export interface InvitationFacts {
  readonly to: string
  readonly organization: { readonly slug: string; readonly name: string }
  /** The name of the person or key that invites. */
  readonly invitedBy: string
  readonly link: string
  readonly expiresAtMs: number
}

/** Invites somebody to an organization. */
export function invitationMail({ to, organization, invitedBy, link, expiresAtMs }: InvitationFacts): Mail {
  const name = nameInMail(organization.name)
  return {
    kind: 'invitation',
    to,
    organization: organization.slug,
    subject: `Invitation to ${name}`,
    text: paragraphs(
      `${nameInMail(invitedBy)} invites you to the organization "${name}" on Sallyport.`,
      `To accept, open this link:\n${link}`,
      `It works once, until ${timeInMail(expiresAtMs)}.`,
      'If you do not know the sender, ignore this mail.',
    ),
  }
}
