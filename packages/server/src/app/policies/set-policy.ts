import type { PolicyMode, Violation } from '@sallyport/core'
import { EXTERNAL_API_ACCESS } from '@sallyport/core'
import type { PolicyRow } from '../../store/port/policies.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conformityOf, countConforming } from './conformity.ts'
import type { OperationContext } from '../access/context.ts'
import { currentPolicy } from './current-policy.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import type { PolicyWithConformity } from './reading.ts'

export interface SetPolicyInput {
  readonly organization: string
  readonly environment: string
  readonly mode: PolicyMode
  readonly dryRun: boolean
}
export interface SavedPolicy extends PolicyWithConformity {
  /** Every live deployment that does not conform to the mode; each still serves. */
  readonly affected: readonly AffectedDeployment[]
  readonly revision: number
}
export interface AffectedDeployment {
  readonly pipeline: string
  /** `major.minor`. */
  readonly version: string
  readonly deploymentId: string
  /** Whether it conforms to the previous mode. */
  readonly stopsConforming: boolean
  readonly violations: readonly Violation[]
}

/**
 * Sets the policy mode of an environment, as a new version of its policy. Live traffic is never interrupted: only
 * conformity and the next deployment are affected. A dry run returns the same result and stores nothing.
 */
export async function setPolicy(context: OperationContext, input: SetPolicyInput): Promise<SavedPolicy> {
  const { organization, environment, mode, dryRun } = input
  const { value, revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(context, tx.environments, organization, environment, 'policies.write')
    const before = await currentPolicy(tx.policies, organization, environment)
    const policy: PolicyRow = {
      organization,
      environment,
      version: before.version + 1,
      mode,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    if (!dryRun) {
      await tx.policies.insert(policy)
      tx.audit(
        auditEntry(context, organization, 'policies.save', `policy/${environment}/${EXTERNAL_API_ACCESS}`, {
          before: { mode: before.mode, version: before.version },
          after: { mode, version: policy.version },
        }),
      )
    }
    const live = await tx.deployments.liveSubjects(organization, environment)
    const items = conformityOf(mode, environment, live)
    const conformedBefore = new Set(
      conformityOf(before.mode, environment, live)
        .filter((item) => item.conforming)
        .map((item) => item.deploymentId),
    )
    return {
      policy: dryRun ? { ...policy, version: before.version } : policy,
      conformity: countConforming(items),
      affected: items
        .filter((item) => !item.conforming)
        .map(({ pipeline, version, deploymentId, violations }) => ({
          pipeline,
          version,
          deploymentId,
          stopsConforming: conformedBefore.has(deploymentId),
          violations,
        })),
    }
  })
  return { ...value, revision }
}
