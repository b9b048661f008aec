import type { ProblemCode } from '@sallyport/core'

/** The content of `/readyz` on both ports. */
export interface Readiness {
  readonly ready: boolean
  /** The problem that requests get while it is not ready. */
  readonly reason?: ProblemCode
  readonly revision: number
  /** The time since the snapshot was last known to be up to date; null before the first load. */
  readonly snapshotAgeSeconds: number | null
}
