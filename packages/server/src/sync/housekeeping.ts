import type { Store } from '../store/port/store.ts'
import { removeExpiredInvitations } from './expired-invitations.ts'
import { removeOldPortalSessions } from './old-portal-sessions.ts'
import type { UsageLimits } from '../store/port/usage.ts'
import { repeatWork } from './repeated-work.ts'

const HOUR_MS = 3_600_000

/** How often old rows are deleted, in ms. */
const INTERVAL_MS = 60_000
/** How often the counts of many keys are added to the sums, in ms: those of the same key are one row by then. */
const FOLD_INTERVAL_MS = 10_000
/** How often old counts of requests are deleted, in ms. */
const USAGE_INTERVAL_MS = HOUR_MS
/** How long changes are kept, in ms. A gateway that was away for longer reloads the whole snapshot. */
const CHANGES_KEPT_MS = 24 * HOUR_MS
/** How many changes are kept. One can have some 100 KB, and that of an import more, so that they must not fill the disk. */
const CHANGES_KEPT_MAX = 10_000
/** How long the response to a POST with `Idempotency-Key` is kept, in ms: 24 hours by contract. */
const ANSWERS_KEPT_MS = 24 * HOUR_MS
/** How long scheduled runs are kept, in ms: 30 days. */
const RUNS_KEPT_MS = 30 * 24 * HOUR_MS
/** How long deliveries to webhooks are kept after their end, in ms: 30 days. */
const DELIVERIES_KEPT_MS = 30 * 24 * HOUR_MS
/** How long imports are kept after their end, in ms: 90 days. */
const IMPORTS_KEPT_MS = 90 * 24 * HOUR_MS
/** After how long an import whose file has not arrived is taken for abandoned, in ms: longer than a file may take. */
const IMPORTS_ABANDONED_MS = 2 * HOUR_MS

export interface HousekeepingDeps {
  readonly store: Pick<Store, 'write' | 'feed' | 'pruneRuns' | 'foldUsage' | 'pruneUsage' | 'webhookQueues'>
  readonly nowMs: () => number
  readonly usageLimits: UsageLimits
  readonly onFault: (cause: unknown) => void
}

/** Deletes rows that are too old to be useful and folds counts of requests, at the start and then regularly, until disposal. */
export function startHousekeeping({ store, nowMs, usageLimits, onFault }: HousekeepingDeps): AsyncDisposable {
  const prune = async (): Promise<void> => {
    await store.feed.prune(nowMs() - CHANGES_KEPT_MS, CHANGES_KEPT_MAX)
    await store.pruneRuns(nowMs() - RUNS_KEPT_MS)
    await store.webhookQueues.prune(nowMs() - DELIVERIES_KEPT_MS)
    await store.write(async (tx) => {
      await tx.idempotency.prune(nowMs() - ANSWERS_KEPT_MS)
      await tx.tickets.prune(nowMs())
      await tx.sessions.prune(nowMs())
      await removeExpiredInvitations(tx, nowMs())
      await tx.imports.prune(nowMs() - IMPORTS_KEPT_MS, nowMs() - IMPORTS_ABANDONED_MS)
      await removeOldPortalSessions(tx, nowMs())
    })
  }
  const stack = new AsyncDisposableStack()
  stack.use(repeatWork(prune, INTERVAL_MS, onFault))
  const stopping = new AbortController()
  stack.use(repeatWork(() => store.foldUsage(stopping.signal), FOLD_INTERVAL_MS, onFault))
  stack.use(repeatWork(() => store.pruneUsage(nowMs(), usageLimits), USAGE_INTERVAL_MS, onFault))
  // First of all, so that disposal does not wait for counts that the next process can fold.
  stack.defer(() => stopping.abort())
  return stack
}
