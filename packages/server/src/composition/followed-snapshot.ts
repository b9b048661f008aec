import type { Logger } from 'pino'
import { Follower, type Feed } from '../sync/follower.ts'
import { SnapshotCell } from '../sync/snapshot-cell.ts'
import type { Readiness } from '../telemetry/readiness.ts'

/** A snapshot that follows a feed until it is disposed. A control plane and a gateway in one process share it. */
export interface FollowedSnapshot extends AsyncDisposable {
  readonly cell: SnapshotCell
  readiness(): Readiness
  /** Waits at most `waitMs` for a revision. @returns whether the snapshot reached it in time */
  waitForRevision(revision: number, waitMs: number): Promise<boolean>
}

export interface FollowDeps {
  readonly feed: Feed
  readonly nowMs: () => number
  readonly logger: Logger
}

/** Loads a snapshot from a feed and follows it. @throws errors of the feed while it loads */
export async function followSnapshot({ feed, nowMs, logger }: FollowDeps): Promise<FollowedSnapshot> {
  const cell = new SnapshotCell()
  const follower = await Follower.start({
    feed,
    cell,
    nowMs,
    onFault: (err) => logger.error({ err }, 'the feed failed; the current snapshot stays in use'),
    onRecovered: () => logger.info('the feed has recovered'),
  })
  return {
    cell,
    readiness: () => ({
      ready: cell.isLoaded,
      revision: cell.current.revision,
      snapshotAgeSeconds: cell.isLoaded ? Math.max(0, nowMs() - cell.upToDateAtMs) / 1000 : null,
    }),
    waitForRevision: async (revision, waitMs) => await follower.waitForRevision(revision, waitMs),
    [Symbol.asyncDispose]: async () => await follower[Symbol.asyncDispose](),
  }
}
