import type { Notice } from '../../mail/messages/notice.ts'
import type { LeakRow } from '../../store/port/keys/leaks.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Reader } from '../../store/port/store.ts'
import { notify, type NoticeContext } from '../notices/notify.ts'
import { ownersOf } from '../notices/owners.ts'

/** What is told of a leak, and the e-mail addresses of the owners. */
export interface LeakNotices {
  readonly notice: Notice
  readonly owners: readonly string[]
}

/**
 * Reads what to tell the owners of a leak. Call it in the transaction: once a change is made, nothing that is read for its
 * notices may fail the request.
 *
 * @returns undefined if the installation sends no mails, the owners get none about leaks, or the secret did not work any more
 */
export async function leakNotices(
  readers: Pick<Reader, 'members'>,
  { mails }: Pick<NoticeContext, 'mails'>,
  {
    organization: { slug, name, ownerMails },
    key,
    leak,
  }: { readonly organization: OrganizationRow; readonly key: KeyRow; readonly leak: LeakRow },
): Promise<LeakNotices | undefined> {
  if (mails === null || !leak.live || !ownerMails.includes('key.leaked')) return undefined
  const owners = (await ownersOf(readers, slug)).map(({ email }) => email)
  const { url, switchedOff } = leak
  const notice = {
    about: 'key-leaked',
    organization: { slug, name },
    key: key.name,
    url,
    switchedOff,
  } as const
  return { notice, owners }
}

/** Tells the owners by mail. Call it after the transaction. */
export function notifyOfLeak(context: NoticeContext, notices: LeakNotices | undefined): void {
  if (notices === undefined) return
  for (const email of notices.owners) notify(context, email, notices.notice)
}
