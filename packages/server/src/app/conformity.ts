import type { Violation } from '@sallyport/core'

/** How one live deployment stands to its environment's policy. */
export interface DeploymentConformity {
  readonly pipeline: string
  /** `major.minor`. */
  readonly version: string
  readonly deploymentId: string
  readonly conforming: boolean
  readonly violations: readonly Violation[]
}

export interface ConformityCount {
  readonly total: number
  readonly conforming: number
}
