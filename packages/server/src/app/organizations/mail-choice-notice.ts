import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { nameOfActor } from '../notices/actor-name.ts'
import { notify } from '../notices/notify.ts'
import { ownersOf } from '../notices/owners.ts'
import type { Notice } from '../../mail/messages/notice.ts'

/** A notice, and the e-mail addresses of the owners. */
export interface MailChoiceNotice {
  readonly notice: Notice
  readonly owners: readonly string[]
}

/**
 * Reads what to tell the owners of another choice of their mails, so that nothing is kept from them without their knowing.
 * Call it in the transaction: once a change is made, nothing that is read for its notice may fail the request.
 *
 * @returns undefined if the installation sends no mails, or the choice is the same
 */
export async function mailChoiceNotice(
  readers: Pick<Reader, 'members' | 'people' | 'keys'>,
  { mails, actor }: Pick<OperationContext, 'mails' | 'actor'>,
  before: OrganizationRow,
  after: OrganizationRow,
): Promise<MailChoiceNotice | undefined> {
  const started = after.ownerMails.filter((event) => !before.ownerMails.includes(event))
  const stopped = before.ownerMails.filter((event) => !after.ownerMails.includes(event))
  if (mails === null || started.length + stopped.length === 0) return undefined
  const { slug, name } = after
  const by = await nameOfActor(readers, slug, actor.id)
  const owners = (await ownersOf(readers, slug)).map(({ email }) => email)
  return { notice: { about: 'mail-choice', organization: { slug, name }, started, stopped, by }, owners }
}

/** Tells the owners by mail. Call it after the transaction. */
export function notifyOfMailChoice(context: OperationContext, told: MailChoiceNotice | undefined): void {
  if (told === undefined) return
  for (const email of told.owners) notify(context, email, told.notice)
}
