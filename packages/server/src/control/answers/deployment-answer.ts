import { versionText, type Warning } from '@sallyport/core'
import type { z } from 'zod'
import type { Deployed } from '../../app/deployments/go-live.ts'
import type { deploymentRead } from '../../contract/deployments.ts'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeRow } from '../../store/port/probes.ts'
import { deploymentUrl, type GatewayLocation } from './deployment-url.ts'
import { timestampAnswer, timestampAnswerOrNull } from './timestamp.ts'

/** A deployment in a response. */
export function deploymentAnswer<Id extends string | null>(
  gateway: GatewayLocation,
  row: Omit<DeploymentRow, 'id'> & { readonly id: Id },
) {
  return {
    id: row.id,
    pipeline: row.pipeline,
    project: row.project,
    version: versionText(row),
    environment: row.environment,
    url: deploymentUrl(gateway, row),
    inMaintenance: 'maintenance' in row.spec.trigger && row.spec.trigger.maintenance !== undefined,
    origin: row.origin,
    from: row.from && { deploymentId: row.from.deployment, environment: row.from.environment },
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    endedAt: timestampAnswerOrNull(row.endedAtMs),
    endedBy: row.endedBy,
    replacedBy: row.replacedBy,
    pipelineRemovedAt: timestampAnswerOrNull(row.pipelineRemovedAtMs),
  }
}

/** A new deployment in a response; after a dry run, the one that would be created. */
export function deployedAnswer(
  gateway: GatewayLocation,
  { deployment, replaced, warnings }: Deployed,
  probe: ProbeRow | null,
) {
  return {
    ...deploymentAnswer(gateway, deployment),
    replaced,
    warnings: warnings.map((warning): Warning => ({ ...warning })),
    probe: probeAnswer(probe),
  }
}

export function probeAnswer(probe: ProbeRow | null): z.output<typeof deploymentRead>['probe'] {
  return (
    probe && {
      checkedAt: timestampAnswer(probe.checkedAtMs),
      alarm: probe.alarm,
      results: probe.results.map((result) => ({ ...result })),
    }
  )
}
