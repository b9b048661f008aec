import type { PolicyMode, Violation } from '@sallyport/core'
import { policyViolations, versionText } from '@sallyport/core'
import type { LiveDeployment } from '../../store/port/deployments.ts'

/** How one live deployment conforms to its environment's policy. */
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

/** Checks the live deployments of an environment against a policy. It changes nothing: they still serve. */
export function conformityOf(
  mode: PolicyMode,
  environment: string,
  live: readonly LiveDeployment[],
): DeploymentConformity[] {
  return live.map((row) => {
    const violations = policyViolations(mode, environment, row.subject)
    return {
      pipeline: row.pipeline,
      version: versionText(row),
      deploymentId: row.id,
      conforming: violations.length === 0,
      violations,
    }
  })
}

export function countConforming(items: readonly DeploymentConformity[]): ConformityCount {
  return { total: items.length, conforming: items.filter((item) => item.conforming).length }
}
