import type { DeploymentRow } from '../../store/port/deployments.ts'

/** The longest overlap that may be asked for, in seconds: as long as a token lives at most. */
export const OVERLAP_SECONDS_MAX = 365 * 24 * 60 * 60
/** The shortest overlap unless another one is asked for, in seconds. */
const OVERLAP_SECONDS_DEFAULT_MIN = 60 * 60
/** Gateways sign with the old key until they have heard of the new one, and a token's last minute counts too; in seconds. */
const HEARING_SECONDS = 5 * 60

/**
 * How long the key before goes on verifying where nothing is said: until no token of what is live can still be in
 * use that it has signed, and an hour at least; in seconds.
 *
 * @param live what is live in the environment
 */
export function overlapSecondsDefault(live: readonly DeploymentRow[]): number {
  const lifetimes = live.flatMap(({ spec }) =>
    spec.steps.flatMap((step) => (step.kind === 'jwt.generate' ? [step.expiresInSeconds] : [])),
  )
  return Math.max(OVERLAP_SECONDS_DEFAULT_MIN, Math.max(0, ...lifetimes) + HEARING_SECONDS)
}
