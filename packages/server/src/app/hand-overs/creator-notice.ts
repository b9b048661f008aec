import type { Notice } from '../../mail/messages/notice.ts'
import type { HandOverRow } from '../../store/port/keys/hand-overs.ts'
import type { Reader } from '../../store/port/store.ts'
import { notify, type NoticeContext } from '../notices/notify.ts'

/** What the creator of a hand-over is told of its end. */
export type HandOverEvent =
  | { readonly about: 'hand-over-opened'; readonly address: string | null; readonly userAgent: string | null }
  | { readonly about: 'hand-over-expired' }
  | { readonly about: 'hand-over-withdrawn'; readonly by: string }

/** A notice, and the e-mail address that it goes to. */
export interface CreatorNotice {
  readonly email: string
  readonly notice: Notice
}

/**
 * Reads what to tell the creator of a hand-over. Call it in the transaction: once a change is made, nothing that is read
 * for its notice may fail the request.
 *
 * @returns undefined if the installation sends no mails, or the creator is a key or no longer a member
 */
export async function creatorNotice(
  readers: Pick<Reader, 'organizations' | 'members' | 'keys'>,
  { mails }: Pick<NoticeContext, 'mails'>,
  { organization: slug, key: id, createdBy }: Pick<HandOverRow, 'organization' | 'key' | 'createdBy'>,
  event: HandOverEvent,
): Promise<CreatorNotice | undefined> {
  if (mails === null) return undefined
  const creator = await readers.members.get(slug, createdBy)
  if (creator === undefined) return undefined
  const name = (await readers.organizations.get(slug))?.name ?? slug
  const key = (await readers.keys.get(slug, id))?.name ?? id
  return { email: creator.email, notice: { ...event, organization: { slug, name }, key } }
}

/** Sends a notice that `creatorNotice` has read. Call it after the transaction. */
export function notifyCreator(context: NoticeContext, told: CreatorNotice | undefined): void {
  if (told !== undefined) notify(context, told.email, told.notice)
}
