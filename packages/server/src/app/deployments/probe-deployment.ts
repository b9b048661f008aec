import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeRow } from '../../store/port/probes.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import type { Prober } from './prober.ts'

export interface ProbeDeploymentInput {
  /** A deployment that has just gone live. */
  readonly deployment: DeploymentRow
  /** The revision of that change. */
  readonly revision: number
}

/**
 * Probes each route of a live deployment as an anonymous caller and stores the results with the deployment. A route that
 * requires credentials but admits an anonymous caller raises an alarm, which is stored and audited. The deployment stays
 * live. A deployment is probed only once.
 *
 * @throws everything that the prober throws
 */
export async function probeDeployment(
  context: OperationContext,
  prober: Prober,
  { deployment, revision }: ProbeDeploymentInput,
): Promise<ProbeRow> {
  const { organization, id } = deployment
  const existing = await context.store.read.probes.get(organization, id)
  if (existing !== undefined) return existing
  const results = await prober.probe(deployment, revision)
  const alarms = results.filter((result) => result.alarm)
  const row: ProbeRow = {
    organization,
    deployment: id,
    checkedAtMs: context.nowMs(),
    results,
    alarm: alarms.length > 0,
  }
  await context.store.write(async (tx) => {
    await tx.probes.save(row)
    if (!row.alarm) return
    const routes = alarms.map(({ method, route, host }) => `${method} ${host ?? ''}${route}`)
    tx.audit(
      auditEntry(context, organization, 'deployments.alarm', `deployment/${id}`, {
        after: { pipeline: deployment.pipeline, environment: deployment.environment, routes },
      }),
    )
  })
  return row
}
