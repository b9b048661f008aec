/** The content of `/readyz`. Each port answers for its own work. */
export interface Readiness {
  readonly ready: boolean
  readonly revision: number
  /** The time since the snapshot was last known to be up to date; null before the first load. */
  readonly snapshotAgeSeconds: number | null
  /** Why requests cannot be answered; absent if they can. */
  readonly reason?: NotReadyReason
}

/**
 * `starting`: no snapshot is loaded yet. `stopping`: the server ends its last requests. `snapshot_stale`: the snapshot
 * is older than the operator allows, or the gateway's lease is over and it serves no environment past it. `removed`: the gateway
 * was removed from its fleet. `database_unavailable`: the database does not respond.
 */
export type NotReadyReason = 'starting' | 'stopping' | 'snapshot_stale' | 'removed' | 'database_unavailable'

/** The same revision and age, but not ready. */
export function notReady({ revision, snapshotAgeSeconds }: Readiness, reason: NotReadyReason): Readiness {
  return { ready: false, reason, revision, snapshotAgeSeconds }
}
