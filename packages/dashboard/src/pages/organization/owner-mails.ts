import type { Organization } from '@sallyport/sdk'
import { EVENT_TYPES, type EventType } from '../../parts/events/event-groups.ts'

export type OwnerMail = Organization['ownerMails'][number]

/** Every type of event but `key.rotated`, which hands a token to a webhook. */
function isOwnerMail(type: EventType): type is OwnerMail {
  return type !== 'key.rotated'
}

/** The types of events that owners can get by mail. */
export const OWNER_MAILS: readonly OwnerMail[] = EVENT_TYPES.filter(isOwnerMail)
