import type { Mail } from '../mail.ts'
import type { OrganizationEvent } from '../../events/event-of.ts'
import { type CollectedEvent, eventSentence } from './event-sentences.ts'
import { nameInMail, paragraphs, shortened, timeInMail } from './plain-text.ts'

/** Events that a mail describes; of further ones it has the number. */
export const DESCRIBED_EVENTS_MAX = 20
const SUBJECT_CHARS_MAX = 160

/** One event, and the person or key that caused it. */
export interface DescribedEvent {
  readonly type: CollectedEvent
  readonly data: OrganizationEvent['data']
  readonly atMs: number
  /** A name; null if no person and no key did. */
  readonly by: string | null
}

export interface OwnerMailFacts {
  readonly to: string
  readonly organization: { readonly slug: string; readonly name: string }
  /** The oldest first: at least one, and at most `DESCRIBED_EVENTS_MAX`. */
  readonly described: readonly DescribedEvent[]
  /** How many events there are, the described ones among them. */
  readonly total: number
  readonly publicUrl: string
}

/** Tells an owner of an organization what happened there. */
export function ownerMail({ to, organization, described, total, publicUrl }: OwnerMailFacts): Mail {
  const name = nameInMail(organization.name)
  const lines = described.map((event) => `- ${timeInMail(event.atMs)}: ${sentenceOf(event)}.`)
  const more = total - described.length
  const [only] = described
  return {
    kind: 'events',
    to,
    organization: organization.slug,
    subject:
      total === 1 && only !== undefined
        ? `${name}: ${shortened(sentenceOf(only), SUBJECT_CHARS_MAX)}`
        : `${name}: ${total} events`,
    text: paragraphs(
      `In the organization "${name}" on Sallyport:`,
      lines.join('\n'),
      ...(more > 0 ? [`And ${more} more: the audit log has all of them.`] : []),
      'You get this mail because you own the organization. Which events its owners get by mail is set in "ownerMails" of the ' +
        `organization:\n${publicUrl}`,
    ),
  }
}

function sentenceOf({ type, data, by }: DescribedEvent): string {
  return by === null ? eventSentence(type, data) : `${eventSentence(type, data)} (by ${nameInMail(by)})`
}
