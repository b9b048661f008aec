import type { AuditEvent } from '@sallyport/sdk'

/** Whether events follow each other by their hashes. */
export interface Chain {
  readonly first: number
  readonly last: number
  /** The first event from the newest on whose predecessor is another one; null if the chain is whole. */
  readonly brokenAt: number | null
}

type Link = Pick<AuditEvent, 'sequence' | 'hash' | 'previousHash'>

/**
 * Compares the hashes of events that follow each other. It does not compute them: the verifier of an export does.
 *
 * @param events without a filter, newest first
 * @returns null for no events
 */
export function chainOf(events: readonly Link[]): Chain | null {
  const last = events[0]
  const first = events.at(-1)
  if (last === undefined || first === undefined) return null
  const broken = events.find((event, index) => {
    const before = events[index + 1]
    return (
      before !== undefined && (before.hash !== event.previousHash || before.sequence !== event.sequence - 1)
    )
  })
  return { first: first.sequence, last: last.sequence, brokenAt: broken?.sequence ?? null }
}
