import { sql } from 'kysely'
import { createdPage } from '../../database/created-page.ts'
import type { Database } from '../../database/schema.ts'
import type { DeploymentFilter, DeploymentRow } from '../../port/deployments.ts'
import type { Page, PageRequest } from '../../port/pages/paging.ts'
import type { ProbeResult, ProbeRow } from '../../port/probes.ts'
import { type DeploymentColumns, deploymentRow } from './deployment-rows.ts'

/** How many deployments of removed pipelines are kept of one environment. */
const KEPT_PER_ENVIRONMENT = 1_000

declare module '../../database/schema.ts' {
  interface Schema {
    removed_pipeline_deployments: RemovedPipelineDeploymentsTable
  }
}

/**
 * Ended deployments whose pipeline was removed. They have a table of their own, because another pipeline can have the
 * same name: whatever looks for deployments of a pipeline finds none of these.
 */
interface RemovedPipelineDeploymentsTable extends DeploymentColumns {
  ended_at: number
  pipeline_removed_at: number
  /** This and the other columns of the probe are null if the deployment was not probed. */
  probed_at: number | null
  probe_results_json: string | null
  probe_alarm: number | null
}

const COPIED = [
  'organization',
  'id',
  'environment',
  'pipeline',
  'project',
  'major',
  'minor',
  'spec_json',
  'created_at',
  'created_by',
  'ended_by',
  'replaced_by',
  'origin',
  'from_deployment',
  'from_environment',
] as const satisfies readonly (keyof DeploymentColumns)[]

function kept(db: Database, organization: string) {
  return db.selectFrom('removed_pipeline_deployments').selectAll().where('organization', '=', organization)
}

const rowOf = (row: RemovedPipelineDeploymentsTable): DeploymentRow =>
  deploymentRow(row, row.pipeline_removed_at)

export async function keptDeployment(
  db: Database,
  organization: string,
  id: string,
): Promise<DeploymentRow | undefined> {
  const row = await kept(db, organization).where('id', '=', id).executeTakeFirst()
  return row && rowOf(row)
}

/** The probe of a deployment whose pipeline was removed, if there is one. */
export async function keptProbe(
  db: Database,
  organization: string,
  deployment: string,
): Promise<ProbeRow | undefined> {
  const row = await db
    .selectFrom('removed_pipeline_deployments')
    .select(['probed_at', 'probe_results_json', 'probe_alarm'])
    .where('organization', '=', organization)
    .where('id', '=', deployment)
    .executeTakeFirst()
  if (row === undefined || row.probed_at === null || row.probe_results_json === null) return undefined
  return {
    organization,
    deployment,
    checkedAtMs: row.probed_at,
    results: JSON.parse(row.probe_results_json) as readonly ProbeResult[],
    alarm: row.probe_alarm === 1,
  }
}

/**
 * A page of the deployments of removed pipelines, in order of creation. They belong to an environment, but no longer to
 * a project or a pipeline: others of the same name may exist, whose readers must not see them.
 */
export async function listKeptDeployments(
  db: Database,
  organization: string,
  page: PageRequest,
  { environment, pipeline }: DeploymentFilter,
): Promise<Page<DeploymentRow>> {
  let query = kept(db, organization)
  if (environment !== undefined) query = query.where('environment', '=', environment)
  if (pipeline !== undefined) query = query.where('pipeline', '=', pipeline)
  return await createdPage(query, page, 'id', (rows) => rows.map(rowOf), { environment: 'environment' })
}

/**
 * Copies the ended deployments of a pipeline that is about to be removed, with their probes: as many as are kept. Then
 * deletes older ones of removed pipelines beyond that number.
 *
 * @param removedAtMs in ms since 1970
 */
export async function keepDeployments(
  db: Database,
  organization: string,
  pipeline: string,
  removedAtMs: number,
): Promise<void> {
  const environments = await db
    .selectFrom('deployments')
    .select('environment')
    .distinct()
    .where('organization', '=', organization)
    .where('pipeline', '=', pipeline)
    .orderBy('environment')
    .execute()
  for (const { environment } of environments) {
    await copyNewest(db, { organization, pipeline, environment, removedAtMs })
    await forgetOldest(db, organization, environment)
  }
}

interface Removal {
  readonly organization: string
  readonly pipeline: string
  readonly environment: string
  readonly removedAtMs: number
}

async function copyNewest(
  db: Database,
  { organization, pipeline, environment, removedAtMs }: Removal,
): Promise<void> {
  await db
    .insertInto('removed_pipeline_deployments')
    .columns([...COPIED, 'ended_at', 'pipeline_removed_at', 'probed_at', 'probe_results_json', 'probe_alarm'])
    .expression((eb) =>
      eb
        .selectFrom('deployments')
        .leftJoin('deployment_probes as probes', (join) =>
          join
            .onRef('probes.organization', '=', 'deployments.organization')
            .onRef('probes.deployment', '=', 'deployments.id'),
        )
        .select(COPIED.map((column) => `deployments.${column}` as const))
        .select('deployments.ended_at')
        .select(sql<number>`cast(${removedAtMs} as bigint)`.as('pipeline_removed_at'))
        .select(['probes.checked_at', 'probes.results_json', 'probes.alarm'])
        .where('deployments.organization', '=', organization)
        .where('deployments.pipeline', '=', pipeline)
        .where('deployments.environment', '=', environment)
        .where('deployments.ended_at', 'is not', null)
        .orderBy('deployments.ended_at', 'desc')
        .orderBy('deployments.created_at', 'desc')
        .orderBy('deployments.id', 'desc')
        .limit(KEPT_PER_ENVIRONMENT),
    )
    .execute()
}

async function forgetOldest(db: Database, organization: string, environment: string): Promise<void> {
  await db
    .deleteFrom('removed_pipeline_deployments')
    .where('organization', '=', organization)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('removed_pipeline_deployments')
        .select('id')
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .orderBy('ended_at', 'desc')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        // At most as many as were copied are beyond the number; SQLite has no offset without a limit.
        .limit(KEPT_PER_ENVIRONMENT)
        .offset(KEPT_PER_ENVIRONMENT),
    )
    .execute()
}

/** Deletes the deployments of removed pipelines in an environment, so that it can be removed. */
export async function deleteKeptDeployments(
  db: Database,
  organization: string,
  environment: string,
): Promise<void> {
  await db
    .deleteFrom('removed_pipeline_deployments')
    .where('organization', '=', organization)
    .where('environment', '=', environment)
    .execute()
}
