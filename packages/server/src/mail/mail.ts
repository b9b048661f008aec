/** What a mail is about. Each kind has a limit of its own for an address, so that no kind uses up the limit of another. */
export type MailKind =
  | 'invitation'
  | 'password-reset'
  /** What happened to the account. */
  | 'notice'
  /** What happened in an organization and is told at once, such as a new owner. */
  | 'organization-notice'
  /** Events of an organization, collected for its owners. */
  | 'events'

/** A mail in plain text to one address. */
export interface Mail {
  readonly kind: MailKind
  /** An e-mail address without a name. */
  readonly to: string
  readonly subject: string
  /** Lines end with `\n`. */
  readonly text: string
  /** The organization that causes it, or null for a mail that a person causes. Organizations take turns. */
  readonly organization: string | null
}
