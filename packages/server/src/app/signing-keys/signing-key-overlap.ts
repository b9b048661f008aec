import type { DeploymentRow } from '../../store/port/deployments.ts'

/** The shortest default overlap, in seconds. */
const OVERLAP_SECONDS_DEFAULT_MIN = 60 * 60
/** Time in seconds for gateways to receive the new key; until then they sign with the old one. */
const DISTRIBUTION_SECONDS = 5 * 60

/**
 * The default overlap: how long the previous key still verifies, in seconds. It lasts until every token that a live
 * deployment signed with that key has expired, and at least an hour.
 *
 * @param live the live deployments of the environment
 */
export function overlapSecondsDefault(live: readonly DeploymentRow[]): number {
  const lifetimes = live.flatMap(({ spec }) =>
    spec.steps.flatMap((step) => (step.kind === 'jwt.generate' ? [step.expiresInSeconds] : [])),
  )
  return Math.max(OVERLAP_SECONDS_DEFAULT_MIN, Math.max(0, ...lifetimes) + DISTRIBUTION_SECONDS)
}
