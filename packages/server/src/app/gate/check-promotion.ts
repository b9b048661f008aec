import type { Violation } from '@sallyport/core'

/** The environment before the target in promotion order, and what is live there. */
export interface PreviousEnvironment {
  /** Null if the actor must not learn its name. */
  readonly name: string | null
  /** The version of the pipeline and major that is live there, such as `1.3`; null for none. */
  readonly liveVersion: string | null
}

/**
 * The problem of a version that is not live in the environment before its target.
 *
 * @param previous null if the target does not require it, or is the first environment
 */
export function promotionViolations(
  version: string,
  environment: string,
  previous: PreviousEnvironment | null,
): Violation[] {
  if (previous === null || previous.liveVersion === version) return []
  const place = previous.name ?? 'the environment before it'
  return [
    {
      rule: 'not-live-before',
      environment,
      path: '',
      required: `version ${version} live in ${place}`,
      found:
        previous.liveVersion === null ? 'no live version there' : `version ${previous.liveVersion} there`,
      fix: `Deploy version ${version} to ${place}, then deploy it here.`,
    },
  ]
}
