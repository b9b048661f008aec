import { ownerMail, type DescribedEvent } from '../../mail/messages/owner-mail.ts'
import type { Outbox } from '../../mail/outbox.ts'
import type { OwnerMailQueue } from '../../store/port/people/owner-mail-queues.ts'
import type { Reader, Store } from '../../store/port/store.ts'
import { nameOfActor } from '../notices/actor-name.ts'
import type { NoticeContext } from '../notices/notify.ts'
import { ownersOf } from '../notices/owners.ts'
import { findEvents } from './find-events.ts'

/** Queues that are looked at in a call. */
const QUEUES_MAX = 100
/** While so many mails wait, events stay in the log: the outbox drops mails once too many wait. */
export const MAILS_WAITING_MAX = 500
/** The shortest time between two mails about one organization, in ms: what happens in it comes with the second. */
export const OWNER_MAIL_PAUSE_MS = 10 * 60_000
/** How long an organization that threw is left alone, in ms, so that it does not take the place of others. */
export const FAULT_PAUSE_MS = 60_000

export interface SendOwnerMailsDeps extends Omit<NoticeContext, 'mails'> {
  readonly store: Pick<Store, 'read' | 'ownerMailQueues'>
  readonly mails: Pick<Outbox, 'post' | 'waiting'>
}

/**
 * Tells the owners of organizations by mail what happened there, as far as they chose to be told. Each event is told once,
 * also if several processes do this; mails that wait when a process ends are lost. To be called every few seconds.
 *
 * @param onFault told what an organization threw; the others go on
 * @throws if the store cannot be used at all
 */
export async function sendOwnerMails(
  deps: SendOwnerMailsDeps,
  onFault: (cause: unknown, organization: string) => void,
): Promise<void> {
  const { store, mails, nowMs } = deps
  for (const queue of await store.ownerMailQueues.due(nowMs(), OWNER_MAIL_PAUSE_MS, QUEUES_MAX)) {
    if (mails.waiting >= MAILS_WAITING_MAX) return
    try {
      await serve(deps, queue)
    } catch (cause) {
      onFault(cause, queue.organization)
      const { position } = queue
      const nextMs = nowMs() + FAULT_PAUSE_MS
      await store.ownerMailQueues.advance(queue, { position, isCaughtUp: false, nextMs })
    }
  }
}

async function serve(deps: SendOwnerMailsDeps, queue: OwnerMailQueue): Promise<void> {
  const { store, mails, nowMs, publicUrl } = deps
  const { organization: slug } = queue
  const organization = await store.read.organizations.get(slug)
  if (organization === undefined) return
  const found = await findEvents(store.read.audit, queue, organization.ownerMails, nowMs())
  const { described, total, ...progress } = found
  const owners = total === 0 ? [] : await ownersOf(store.read, slug)
  const events: DescribedEvent[] = []
  for (const { actor, ...event } of described)
    events.push({ ...event, by: await nameOf(store.read, slug, actor) })
  const nextMs = nowMs() + (owners.length === 0 ? 0 : OWNER_MAIL_PAUSE_MS)
  // What can fail has been done: now the events count as told.
  if (!(await store.ownerMailQueues.advance(queue, { ...progress, nextMs }))) return
  for (const { email } of owners)
    mails.post(ownerMail({ to: email, organization, described: events, total, publicUrl: publicUrl() }))
}

/** The name of a person or key; null for what acts without a credential, such as `housekeeping`. */
async function nameOf(readers: Reader, organization: string, actor: string | null): Promise<string | null> {
  if (actor === null || !actor.includes('_')) return null
  if (actor.startsWith('portal-session/')) return 'a portal session'
  return await nameOfActor(readers, organization, actor)
}
