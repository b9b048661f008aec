import type { Warning } from '@sallyport/core'
import type { z } from 'zod'
import type { Deployed } from '../../app/deployments/go-live.ts'
import type { deploymentRead } from '../../contract/deployments.ts'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeRow } from '../../store/port/probes.ts'
import type { GatewayLocation } from '../answers/deployment-url.ts'
import { deploymentUrl } from './deployment-url.ts'
import { momentAnswer } from './timestamp.ts'

/** A deployment as an answer tells of it. */
export function deploymentAnswer<Id extends string | null>(
  gateway: GatewayLocation,
  row: Omit<DeploymentRow, 'id'> & { readonly id: Id },
) {
  return {
    id: row.id,
    pipeline: row.pipeline,
    project: row.project,
    version: `${row.major}.${row.minor}`,
    environment: row.environment,
    url: deploymentUrl(gateway, row),
    createdAt: momentAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    endedAt: row.endedAtMs === null ? null : momentAnswer(row.endedAtMs),
    endedBy: row.endedBy,
    replacedBy: row.replacedBy,
  }
}

/** What is live now, or, tried only, what would be. */
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
      checkedAt: momentAnswer(probe.checkedAtMs),
      alarm: probe.alarm,
      results: probe.results.map((result) => ({ ...result })),
    }
  )
}
