import type { Snapshot } from '@sallyport/core'

/** The right of a gateway to decide on its snapshot, for a time. */
export interface DecisionLease {
  /** Whether the time is over. Reads the clock each time, because the process may have been paused. */
  isOver(): boolean
  /**
   * What the gateway then does: `refuse-all` refuses every call; `by-environment` does what each environment says by its
   * `whenStale`.
   */
  readonly whenOver: 'refuse-all' | 'by-environment'
  /** Whether the gateway was removed from its fleet; left out where that cannot be. */
  readonly isRemoved?: boolean
}

/**
 * Whether a gateway may decide for an environment of its snapshot now.
 *
 * An environment that the snapshot does not have is refused past the lease. It may have been created since, and refuse
 * calls; so "there is nothing here" is no answer that the gateway can still give.
 *
 * @param lease undefined for a gateway that is the only one on its database
 */
export function mayDecide(
  lease: DecisionLease | undefined,
  snapshot: Snapshot,
  organization: string | undefined,
  environment: string | undefined,
): boolean {
  if (lease === undefined || !lease.isOver()) return true
  if (lease.whenOver === 'refuse-all' || organization === undefined || environment === undefined) return false
  return snapshot.environment(organization, environment)?.whenStale === 'serve'
}

/** Whether a snapshot has an environment that serves when stale. */
export function hasServing(snapshot: Snapshot): boolean {
  for (const { whenStale } of snapshot.environments()) if (whenStale === 'serve') return true
  return false
}
