import type { PipelineSpec } from '@sallyport/core'
import { toJson } from '../../database/json-columns.ts'
import type { DeploymentOrigin, DeploymentRow } from '../../port/deployments.ts'

/** The columns of a deployment in each table of deployments. */
export interface DeploymentColumns {
  organization: string
  id: string
  environment: string
  pipeline: string
  project: string
  major: number
  minor: number
  spec_json: string
  created_at: number
  created_by: string
  ended_at: number | null
  ended_by: string | null
  replaced_by: string | null
  origin: string | null
  from_deployment: string | null
  from_environment: string | null
}

/** @param pipelineRemovedAtMs in ms since 1970; null while the pipeline exists */
export function deploymentRow(row: DeploymentColumns, pipelineRemovedAtMs: number | null): DeploymentRow {
  return {
    organization: row.organization,
    id: row.id,
    environment: row.environment,
    pipeline: row.pipeline,
    project: row.project,
    major: row.major,
    minor: row.minor,
    spec: JSON.parse(row.spec_json) as PipelineSpec,
    origin: row.origin as DeploymentOrigin | null,
    from:
      row.from_deployment === null || row.from_environment === null
        ? null
        : { deployment: row.from_deployment, environment: row.from_environment },
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    endedAtMs: row.ended_at,
    endedBy: row.ended_by,
    replacedBy: row.replaced_by,
    pipelineRemovedAtMs,
  }
}

export function deploymentColumns(row: DeploymentRow): DeploymentColumns {
  return {
    organization: row.organization,
    id: row.id,
    environment: row.environment,
    pipeline: row.pipeline,
    project: row.project,
    major: row.major,
    minor: row.minor,
    spec_json: toJson(row.spec),
    created_at: row.createdAtMs,
    created_by: row.createdBy,
    ended_at: row.endedAtMs,
    ended_by: row.endedBy,
    replaced_by: row.replacedBy,
    origin: row.origin,
    from_deployment: row.from?.deployment ?? null,
    from_environment: row.from?.environment ?? null,
  }
}
