import type { ProblemCode, Snapshot } from '@sallyport/core'
import type { GatewayDeps } from './gateway-parts.ts'

/**
 * Why nothing can be decided right now, or null. An outage on our side is never shown as a caller's fault: before the
 * first snapshot every key would look unknown, and past the operator's limit every answer may be out of date.
 */
export function outage(snapshot: Snapshot, { config, readiness }: GatewayDeps): ProblemCode | null {
  const { maxStalenessSeconds } = config
  if (maxStalenessSeconds !== null && (readiness().snapshotAgeSeconds ?? Infinity) > maxStalenessSeconds) {
    return 'snapshot_stale'
  }
  return snapshot.revision === 0 && !readiness().ready ? 'unavailable' : null
}
