import { noticeMail, type Notice } from '../../mail/messages/notice.ts'
import type { OperationContext } from '../access/context.ts'

/** What a notice needs of an operation's context. */
export type NoticeContext = Pick<OperationContext, 'mails' | 'publicUrl' | 'nowMs'>

/**
 * Tells a person by mail what happened to the account, if the installation sends mails. Call it after the transaction: a
 * change that is rolled back has not happened.
 *
 * @param email the address of the person
 */
export function notify({ mails, publicUrl, nowMs }: NoticeContext, email: string, notice: Notice): void {
  mails?.post(noticeMail({ to: email, atMs: nowMs(), notice, publicUrl: publicUrl() }))
}
