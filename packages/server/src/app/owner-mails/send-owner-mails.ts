import { type OwnerMailEvent, isOwnerMailEvent } from '@sallyport/core'
import { DESCRIBED_EVENTS_MAX, ownerMail, type DescribedEvent } from '../../mail/messages/owner-mail.ts'
import type { AuditRow } from '../../store/port/audit-events.ts'
import type { OwnerMailQueue } from '../../store/port/people/owner-mail-queues.ts'
import type { Reader, Store } from '../../store/port/store.ts'
import { eventOf } from '../../events/event-of.ts'
import { nameOfActor } from '../notices/actor-name.ts'
import type { NoticeContext } from '../notices/notify.ts'
import { ownersOf } from '../notices/owners.ts'

/** Queues that are looked at in a call. */
const QUEUES_MAX = 100
/** Records of the audit log that are read at a time, and for one mail. */
const PAGE = 500
const PAGES_MAX = 100
/** The shortest time between two mails about one organization, in ms: what happens in it comes with the second. */
export const OWNER_MAIL_PAUSE_MS = 10 * 60_000
/** An event that happened longer ago, in ms, is not told: the server was down, or sent no mails. */
const LATE_MS_MAX = 60 * 60_000

export interface SendOwnerMailsDeps extends NoticeContext {
  readonly store: Pick<Store, 'read' | 'ownerMailQueues'>
}

/** What a process has found in the audit log. */
interface Found {
  readonly position: number
  readonly isCaughtUp: boolean
  /** The first ones. */
  readonly described: readonly (Omit<DescribedEvent, 'by'> & { readonly actor: string })[]
  readonly total: number
}

/**
 * Tells the owners of organizations by mail what happened there, as far as they chose to be told. Each event is told once,
 * also if several processes do this; mails that wait when a process ends are lost. To be called every few seconds.
 *
 * @param onFault told what an organization threw; the others go on
 */
export async function sendOwnerMails(
  deps: SendOwnerMailsDeps,
  onFault: (cause: unknown, organization: string) => void,
): Promise<void> {
  for (const queue of await deps.store.ownerMailQueues.due(deps.nowMs(), QUEUES_MAX)) {
    try {
      await serve(deps, queue)
    } catch (cause) {
      onFault(cause, queue.organization)
    }
  }
}

async function serve(deps: SendOwnerMailsDeps, queue: OwnerMailQueue): Promise<void> {
  const { store, mails, nowMs, publicUrl } = deps
  const { organization: slug } = queue
  const organization = await store.read.organizations.get(slug)
  if (organization === undefined) return
  const { described, total, ...progress } = await find(store.read, queue, organization.ownerMails, nowMs())
  const owners = total === 0 ? [] : await ownersOf(store.read, slug)
  const events: DescribedEvent[] = []
  for (const { actor, ...event } of described)
    events.push({ ...event, by: await nameOf(store.read, slug, actor) })
  const nextMs = nowMs() + (owners.length === 0 ? 0 : OWNER_MAIL_PAUSE_MS)
  // What can fail has been done: now the events count as told.
  if (!(await store.ownerMailQueues.advance(queue, { ...progress, nextMs }))) return
  for (const { email } of owners)
    mails?.post(ownerMail({ to: email, organization, described: events, total, publicUrl: publicUrl() }))
}

async function find(
  { audit }: Pick<Reader, 'audit'>,
  { organization, position: start }: OwnerMailQueue,
  wanted: readonly OwnerMailEvent[],
  nowMs: number,
): Promise<Found> {
  const late = await audit.newest(organization, { limit: 1 }, { toMs: nowMs - LATE_MS_MAX })
  let position = Math.max(start, late.items[0]?.sequence ?? 0)
  const described: Found['described'][number][] = []
  let total = 0
  let isCaughtUp = false
  for (let page = 0; page < PAGES_MAX && !isCaughtUp; page += 1) {
    const rows = await audit.after(organization, position, PAGE)
    for (const row of rows) {
      const event = toldOf(row, wanted)
      if (event === undefined) continue
      total += 1
      if (described.length < DESCRIBED_EVENTS_MAX) described.push(event)
    }
    position = rows.at(-1)?.sequence ?? position
    isCaughtUp = rows.length < PAGE
  }
  return { position, isCaughtUp, described, total }
}

/** What is told of a record; undefined if nothing, or if it is told at once in a mail of its own: a leak. */
function toldOf(row: AuditRow, wanted: readonly OwnerMailEvent[]): Found['described'][number] | undefined {
  const event = eventOf(row)
  if (event === undefined) return undefined
  const { type, data } = event
  if (!isOwnerMailEvent(type) || type === 'key.leaked' || !wanted.includes(type)) return undefined
  return { type, data, atMs: row.atMs, actor: row.actor }
}

/** The name of a person or key of the organization; null for what acts without a credential, such as `housekeeping`. */
async function nameOf(readers: Reader, organization: string, actor: string): Promise<string | null> {
  return actor.includes('_') ? await nameOfActor(readers, organization, actor) : null
}
