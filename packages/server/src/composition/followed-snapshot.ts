import type { Logger } from 'pino'
import { Follower, type Feed } from '../sync/follower.ts'
import type { Lease } from '../sync/lease.ts'
import { SnapshotCell } from '../sync/snapshot-cell.ts'
import type { Readiness } from '../telemetry/readiness.ts'

/** A snapshot that follows a feed until it is disposed. */
export interface FollowedSnapshot extends AsyncDisposable {
  readonly cell: SnapshotCell
  readiness(): Readiness
  /** Whether no decision may be made on the snapshot now, because the gateway's lease is over. */
  isLeaseOver(): boolean
  /** Asks the feed for changes now. */
  poll(): void
  /** Waits at most `waitMs` for a revision. @returns whether the snapshot reached it in time */
  waitForRevision(revision: number, waitMs: number): Promise<boolean>
}

export interface FollowDeps {
  readonly feed: Feed
  readonly monotonicMs: () => number
  readonly logger: Logger
  /** Where several processes can use the database. */
  readonly lease?: Lease | undefined
}

/** Loads a snapshot from a feed and follows it. @throws errors of the feed while it loads */
export async function followSnapshot({
  feed,
  monotonicMs,
  logger,
  lease,
}: FollowDeps): Promise<FollowedSnapshot> {
  const cell = new SnapshotCell()
  const isLeaseOver = (): boolean => lease?.isOver() ?? false
  const follower = await Follower.start({
    feed,
    cell,
    monotonicMs,
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
    readiness: () => readinessOf(cell, isLeaseOver(), monotonicMs()),
    isLeaseOver,
    poll: () => follower.poll(),
    waitForRevision: async (revision, waitMs) => await follower.waitForRevision(revision, waitMs),
    async [Symbol.asyncDispose]() {
      await follower[Symbol.asyncDispose]()
      await lease?.end()
    },
  }
}

/** @param nowMs by the monotonic clock */
export function readinessOf(cell: SnapshotCell, isLeaseOver: boolean, nowMs: number): Readiness {
  return {
    ...(isLeaseOver
      ? { ready: false, reason: 'snapshot_stale' as const }
      : cell.isLoaded
        ? { ready: true }
        : { ready: false, reason: 'starting' as const }),
    revision: cell.current.revision,
    snapshotAgeSeconds: cell.isLoaded ? Math.round(nowMs - cell.upToDateAtMs) / 1000 : null,
  }
}
