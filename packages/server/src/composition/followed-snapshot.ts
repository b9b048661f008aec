import type { Snapshot } from '@sallyport/core'
import type { Logger } from 'pino'
import type { MayDecide } from '../gateway/exchanges/may-decide.ts'
import { type DecisionLease, hasServing, mayDecide } from '../sync/decision-lease.ts'
import { Follower, type Feed } from '../sync/follower.ts'
import type { Lease } from '../sync/lease.ts'
import { SnapshotCell } from '../sync/snapshot-cell.ts'
import type { Readiness } from '../telemetry/readiness.ts'
import type { TimeCell } from '../threads/time-cell.ts'

/** A snapshot that follows a feed until it is disposed. */
export interface FollowedSnapshot extends AsyncDisposable {
  readonly cell: SnapshotCell
  /** Ready also past the lease, as long as one environment is served. */
  readiness(): Readiness
  readonly mayDecide: MayDecide
  /** Asks the feed for changes now. */
  poll(): void
  /** Waits at most `waitMs` for a revision. @returns whether the snapshot reached it in time */
  waitForRevision(revision: number, waitMs: number): Promise<boolean>
}

export interface FollowDeps {
  readonly feed: Feed
  readonly monotonicMs: () => number
  readonly logger: Logger
  /** Where a control plane can take rights away without this gateway. */
  readonly lease?: (DecisionLease & Pick<Lease, 'renew' | 'end'>) | undefined
  /** Where to keep when the snapshot was up to date, for other threads. */
  readonly upToDateAt?: TimeCell | undefined
}

/** Loads a snapshot from a feed and follows it. @throws errors of the feed while it loads */
export async function followSnapshot({
  feed,
  monotonicMs,
  logger,
  lease,
  upToDateAt,
}: FollowDeps): Promise<FollowedSnapshot> {
  const cell = new SnapshotCell(upToDateAt)
  const follower = await Follower.start({
    feed,
    cell,
    monotonicMs,
    isShared: lease !== undefined,
    onCurrent: async (position, atMs) => (await lease?.renew(position, atMs)) ?? false,
    onFault: (err) => logger.error({ err }, 'the feed failed; the current snapshot stays in use'),
    onRecovered: () => logger.info('the feed has recovered'),
    onForked: ({ revision }) =>
      logger.error(
        { revision },
        'the database lost changes that this gateway has applied, or is another one; loading a new snapshot',
      ),
  })
  return {
    cell,
    ...decidingBy(cell, lease, monotonicMs),
    poll: () => follower.poll(),
    waitForRevision: async (revision, waitMs) => await follower.waitForRevision(revision, waitMs),
    async [Symbol.asyncDispose]() {
      await follower[Symbol.asyncDispose]()
      await lease?.end()
    },
  }
}

/** Whether the holder of a snapshot may decide by it. @param lease undefined for one that is alone on its database */
export function decidingBy(
  cell: SnapshotCell,
  lease: DecisionLease | undefined,
  monotonicMs: () => number,
): Pick<FollowedSnapshot, 'readiness' | 'mayDecide'> {
  /** Determined once for each snapshot, which can have thousands of environments. */
  let serving: { readonly snapshot: Snapshot; readonly isAny: boolean } | undefined
  const refusesAll = (): boolean => {
    if (lease === undefined || !lease.isOver()) return false
    const { current } = cell
    if (serving?.snapshot !== current) serving = { snapshot: current, isAny: hasServing(current) }
    return lease.whenOver === 'refuse-all' || !serving.isAny
  }
  return {
    readiness: () => ({
      ...(refusesAll()
        ? {
            ready: false,
            reason: lease?.isRemoved === true ? ('removed' as const) : ('snapshot_stale' as const),
          }
        : cell.isLoaded
          ? { ready: true }
          : { ready: false, reason: 'starting' as const }),
      revision: cell.current.revision,
      snapshotAgeSeconds: cell.isLoaded ? Math.round(monotonicMs() - cell.upToDateAtMs) / 1000 : null,
    }),
    mayDecide: (organization, environment) => mayDecide(lease, cell.current, organization, environment),
  }
}
