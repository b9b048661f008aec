import { type OwnerMailEvent, isOwnerMailEvent } from '@sallyport/core'
import { eventOf } from '../../events/event-of.ts'
import { DESCRIBED_EVENTS_MAX, type DescribedEvent } from '../../mail/messages/owner-mail.ts'
import type { AuditReader, AuditRow } from '../../store/port/audit-events.ts'
import type { OwnerMailQueue } from '../../store/port/people/owner-mail-queues.ts'

/** Records of the audit log that are read at a time, and for one mail. */
const PAGE = 500
const PAGES_MAX = 100
/** Changes of an organization that are read to find the choice at the position of a queue: pages of `PAGE`. */
const CHANGE_PAGES_MAX = 10
const CHANGE = 'organizations.update'
/** An event that happened longer ago, in ms, is not told: the server was down, or sent no mails. */
const LATE_MS_MAX = 60 * 60_000

/** An event of which a mail tells. */
export interface FoundEvent extends Omit<DescribedEvent, 'by'> {
  /** Who acted; null if the sentence of the event names this person already. */
  readonly actor: string | null
}

/** What a process has found in the audit log. */
export interface FoundEvents {
  readonly position: number
  readonly isCaughtUp: boolean
  /** The first ones. */
  readonly described: readonly FoundEvent[]
  readonly total: number
}

/**
 * Finds what the owners of an organization are told: the events after the position of its queue, as far as their type was
 * chosen when they happened. So a change that switches mails off cannot hide what was done before it.
 *
 * @param choice the present one
 */
export async function findEvents(
  audit: AuditReader,
  { organization, position: start }: OwnerMailQueue,
  choice: readonly OwnerMailEvent[],
  nowMs: number,
): Promise<FoundEvents> {
  const late = await audit.newest(organization, { limit: 1 }, { toMs: nowMs - LATE_MS_MAX })
  let position = Math.max(start, late.items[0]?.sequence ?? 0)
  let chosen = (await choiceBefore(audit, organization, position)) ?? choice
  const described: FoundEvent[] = []
  let total = 0
  let isCaughtUp = false
  for (let page = 0; page < PAGES_MAX && !isCaughtUp; page += 1) {
    const rows = await audit.after(organization, position, PAGE)
    for (const row of rows) {
      if (row.action === CHANGE) chosen = choiceOf(row.after) ?? chosen
      const event = foundOf(row, chosen)
      if (event === undefined) continue
      total += 1
      if (described.length < DESCRIBED_EVENTS_MAX) described.push(event)
    }
    position = rows.at(-1)?.sequence ?? position
    isCaughtUp = rows.length < PAGE
  }
  return { position, isCaughtUp, described, total }
}

/** The choice that the first change after a position replaced; undefined if there was no change. */
async function choiceBefore(
  audit: AuditReader,
  organization: string,
  position: number,
): Promise<readonly unknown[] | undefined> {
  let choice: readonly unknown[] | undefined
  let cursor: string | undefined
  for (let page = 0; page < CHANGE_PAGES_MAX; page += 1) {
    const { items, next } = await audit.newest(organization, { limit: PAGE, cursor }, { action: CHANGE })
    for (const { sequence, before } of items) {
      if (sequence <= position) return choice
      choice = choiceOf(before) ?? choice
    }
    if (next === null) return choice
    cursor = next
  }
  return choice
}

/** @param state of an organization, in an audit record */
function choiceOf(state: unknown): readonly unknown[] | undefined {
  const { ownerMails } = (state ?? {}) as { readonly ownerMails?: unknown }
  return Array.isArray(ownerMails) ? ownerMails : undefined
}

/** What is told of a record; undefined if nothing, or if it is told at once in a mail of its own: a leak. */
function foundOf(row: AuditRow, chosen: readonly unknown[]): FoundEvent | undefined {
  const event = eventOf(row)
  if (event === undefined) return undefined
  const { type, data } = event
  if (!isOwnerMailEvent(type) || type === 'key.leaked' || !chosen.includes(type)) return undefined
  const isJoining = row.action === 'members.add' && row.target === `member/${row.actor}`
  return { type, data, atMs: row.atMs, actor: isJoining ? null : row.actor }
}
