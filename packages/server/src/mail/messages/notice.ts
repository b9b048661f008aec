import type { Mail } from '../mail.ts'
import { nameInMail, paragraphs, timeInMail } from './plain-text.ts'

interface NamedOrganization {
  readonly slug: string
  readonly name: string
}

interface HandOverFacts {
  readonly organization: NamedOrganization
  /** The name of the key. */
  readonly key: string
}

/** What happened to the account of a person, or to what the person made or owns. */
export type Notice =
  /** `address` is an IP address. */
  | { readonly about: 'new-device'; readonly address: string | null; readonly userAgent: string | null }
  | { readonly about: 'authenticator-added' | 'authenticator-removed' }
  | { readonly about: 'passkey-added' | 'passkey-removed'; readonly name: string }
  | { readonly about: 'provider-linked' | 'provider-unlinked'; readonly provider: string }
  | { readonly about: 'password-changed' | 'password-reset' }
  /** `by` is the name of the person or key that made the link. */
  | { readonly about: 'reset-link-made'; readonly by: string }
  /** A link to the token of a key, which the person made: opened, expired before that, or withdrawn by another actor. */
  | (HandOverFacts & {
      readonly about: 'hand-over-opened'
      /** An IP address. */
      readonly address: string | null
      readonly userAgent: string | null
    })
  | (HandOverFacts & { readonly about: 'hand-over-expired' })
  | (HandOverFacts & { readonly about: 'hand-over-withdrawn'; readonly by: string })
  /** The secret of a key of an organization that the person owns was found in public. */
  | {
      readonly about: 'key-leaked'
      readonly organization: NamedOrganization
      /** The name of the key. */
      readonly key: string
      /** Where; empty if unknown. */
      readonly url: string
      readonly switchedOff: boolean
    }
  /** Another choice of the events that the owners of an organization get by mail: their types. */
  | {
      readonly about: 'mail-choice'
      readonly organization: NamedOrganization
      readonly started: readonly string[]
      readonly stopped: readonly string[]
      readonly by: string
    }
  | { readonly about: 'made-owner'; readonly organization: NamedOrganization; readonly by: string }
  | {
      readonly about: 'new-owner'
      readonly organization: NamedOrganization
      readonly owner: string
      readonly by: string
    }

export interface NoticeFacts {
  readonly to: string
  readonly atMs: number
  readonly notice: Notice
  /** Where the person manages the account. */
  readonly publicUrl: string
}

interface Sentences {
  readonly subject: string
  /** What happened, without a full stop: the time follows. */
  readonly event: string
  /** More about it. */
  readonly details?: readonly string[]
  /** What to do if it should not have happened. */
  readonly remedy: string
}

/** An address in a repository, with a commit and the path of a file. */
const PLACE_CHARS_MAX = 500
const CHANGE_PASSWORD = 'If this was not you, change your password and end your other sessions at once'
const CHECK_ACCOUNT = `${CHANGE_PASSWORD}, and check your passkeys, authenticator and linked providers`
const ASK_OWNER = 'If this is wrong, talk to the other owners of the organization'

/** Tells a person what happened to the account. Such a mail has no link that changes anything. */
export function noticeMail({ to, atMs, notice, publicUrl }: NoticeFacts): Mail {
  const { subject, event, details = [], remedy } = sentencesOf(notice)
  return {
    ...('organization' in notice
      ? { kind: 'organization-notice', organization: notice.organization.slug }
      : { kind: 'notice', organization: null }),
    to,
    subject,
    text: paragraphs(`${event}, ${timeInMail(atMs)}.`, ...details, `${remedy}:\n${publicUrl}`),
  }
}

function sentencesOf(notice: Notice): Sentences {
  switch (notice.about) {
    case 'new-device':
      return {
        subject: 'New sign-in to your account',
        event: 'Your account on Sallyport was used to sign in on a new device',
        details: [clientInMail(notice)],
        remedy: CHECK_ACCOUNT,
      }
    case 'authenticator-added':
      return {
        subject: 'An authenticator app was added to your account',
        event: 'An authenticator app was added to your account on Sallyport',
        remedy: CHECK_ACCOUNT,
      }
    case 'authenticator-removed':
      return {
        subject: 'The authenticator app of your account was removed',
        event: 'The authenticator app and the recovery codes of your account on Sallyport were removed',
        remedy: CHECK_ACCOUNT,
      }
    case 'passkey-added':
      return {
        subject: 'A passkey was added to your account',
        event: `The passkey "${nameInMail(notice.name)}" was added to your account on Sallyport`,
        remedy: CHECK_ACCOUNT,
      }
    case 'passkey-removed':
      return {
        subject: 'A passkey of your account was removed',
        event: `The passkey "${nameInMail(notice.name)}" was removed from your account on Sallyport`,
        remedy: CHECK_ACCOUNT,
      }
    case 'provider-linked':
      return {
        subject: 'A provider was linked to your account',
        event: `Your account on Sallyport can now be opened by signing in at "${nameInMail(notice.provider)}"`,
        remedy: CHECK_ACCOUNT,
      }
    case 'provider-unlinked':
      return {
        subject: 'A provider was unlinked from your account',
        event: `Your account on Sallyport can no longer be opened by signing in at "${nameInMail(notice.provider)}"`,
        remedy: CHECK_ACCOUNT,
      }
    case 'password-changed':
      return {
        subject: 'Your password was changed',
        event: 'The password of your account on Sallyport was changed, and your other sessions have ended',
        remedy: 'If this was not you, request a new password at once',
      }
    case 'password-reset':
      return {
        subject: 'Your password was reset',
        event:
          'The password of your account on Sallyport was reset with a link, and your sessions have ended',
        remedy: 'If this was not you, request a new password at once',
      }
    case 'reset-link-made':
      return {
        subject: 'A link to set a new password was made for you',
        event: `${nameInMail(notice.by)} made a link with which the password of your account on Sallyport can be reset`,
        remedy:
          'If you did not ask for it, talk to the owners of your organization. A new password ends the link',
      }
    case 'hand-over-opened':
      return {
        subject: `The link to a key of ${nameInMail(notice.organization.name)} was opened`,
        event: `${linkOf(notice)} was opened`,
        details: [clientInMail(notice), 'The link does not work any more.'],
        remedy: 'If the person you made it for did not open it, roll or delete the key at once',
      }
    case 'hand-over-expired':
      return {
        subject: `The link to a key of ${nameInMail(notice.organization.name)} expired`,
        event: `${linkOf(notice)} expired before anybody opened it`,
        details: ['Nobody has this token of the key.'],
        remedy: 'If the key is still needed, roll it with a new link',
      }
    case 'hand-over-withdrawn':
      return {
        subject: `The link to a key of ${nameInMail(notice.organization.name)} was withdrawn`,
        event: `${linkOf(notice)} was withdrawn by ${nameInMail(notice.by)} before anybody opened it`,
        remedy: 'If the key is still needed, roll it with a new link',
      }
    case 'key-leaked':
      return {
        subject: `A key of ${nameInMail(notice.organization.name)} was found in public`,
        event: `The secret of the key "${nameInMail(notice.key)}" of "${nameInMail(notice.organization.name)}" on Sallyport was found in public`,
        details: [
          `Place: ${nameInMail(notice.url === '' ? 'unknown' : notice.url, PLACE_CHARS_MAX)}`,
          notice.switchedOff
            ? 'The key was switched off at once, as your organization chose.'
            : 'The key still works.',
        ],
        remedy: notice.switchedOff
          ? 'Create a new key for its callers, and delete this one'
          : 'Roll the key, and finish the roll as soon as its callers have the new secret',
      }
    case 'mail-choice':
      return {
        subject: `The mails about ${nameInMail(notice.organization.name)} were changed`,
        event:
          `${nameInMail(notice.by)} changed which events of "${nameInMail(notice.organization.name)}" on Sallyport ` +
          'its owners get by mail',
        details: [
          `Added: ${eventsInMail(notice.started)}\nNo longer mailed: ${eventsInMail(notice.stopped)}`,
        ],
        remedy: 'If this is wrong, change it back, and look into the audit log',
      }
    case 'made-owner':
      return {
        subject: `You are now an owner of ${nameInMail(notice.organization.name)}`,
        event: `${nameInMail(notice.by)} made you an owner of "${nameInMail(notice.organization.name)}" on Sallyport`,
        remedy: ASK_OWNER,
      }
    case 'new-owner':
      return {
        subject: `New owner of ${nameInMail(notice.organization.name)}`,
        event:
          `${nameInMail(notice.by)} made ${nameInMail(notice.owner)} an owner of ` +
          `"${nameInMail(notice.organization.name)}" on Sallyport`,
        remedy: ASK_OWNER,
      }
  }
}

function clientInMail({
  address,
  userAgent,
}: Readonly<Record<'address' | 'userAgent', string | null>>): string {
  return `Address: ${address ?? 'unknown'}\nDevice: ${nameInMail(userAgent ?? 'unknown')}`
}

/** Types of events are ours, such as `key.expiring`: they need no care. */
function eventsInMail(types: readonly string[]): string {
  return types.length === 0 ? 'none' : types.join(', ')
}

function linkOf({ key, organization }: HandOverFacts): string {
  return `Your link to the key "${nameInMail(key)}" of "${nameInMail(organization.name)}" on Sallyport`
}
