import type { Warning } from '@sallyport/core'
import { policyWarnings, Problem } from '@sallyport/core'
import type { DeploymentRow, VersionRow } from '../store/rows.ts'
import type { Writer } from '../store/store.ts'
import { notFound } from './access.ts'
import { auditEntry } from './audit-entry.ts'
import type { OperationContext } from './context.ts'
import { currentPolicy } from './current-policy.ts'
import { gateViolations, policySubject, replacedBy } from './gate.ts'
import { newId } from './new-id.ts'
import { permittedPipeline } from './pipeline-access.ts'
import { conflict } from './refusals.ts'
import { readVersion, versionText } from './versions.ts'

/** The most live deployments of one environment. */
const LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX = 10_000

export interface DeployInput {
  readonly organization: string
  readonly pipeline: string
  /** `major.minor`. */
  readonly version: string
  readonly environment: string
  readonly dryRun: boolean
}
export interface Deployed {
  /** What is live now, or, tried only, what would be: then without an id. */
  readonly deployment: Omit<DeploymentRow, 'id'> & { readonly id: string | null }
  /** The id of the deployment whose place it took. */
  readonly replaced: string | null
  readonly warnings: readonly Warning[]
}

/**
 * Puts a version live, through the gate. Writers take turns, so what the gate found still holds at the commit: of two
 * deployments that race for one route, one goes live and the other is refused.
 *
 * @throws Problem `deployment_refused` with every violation in `violations`; then nothing has changed
 */
export async function deploy(context: OperationContext, input: DeployInput): Promise<Deployed> {
  const number = readVersion('/version', input.version)
  const { organization, environment, dryRun } = input
  const { value } = await context.store.write(async (tx) => {
    const pipeline = await permittedPipeline(
      context,
      tx.pipelines,
      organization,
      input.pipeline,
      'pipelines.deploy',
      environment,
    )
    const { mode } = await currentPolicy(tx.policies, organization, environment)
    const version = await tx.pipelines.version(organization, pipeline.name, number.major, number.minor)
    if (version === undefined) throw notFound(`version ${input.version} of pipeline "${pipeline.name}"`)
    const live = await tx.deployments.allLive(organization, environment)
    const ask = { pipeline: pipeline.name, major: version.major, spec: version.spec, environment, mode, live }
    const violations = gateViolations(ask)
    if (violations.length > 0) throw new Problem('deployment_refused', { extensions: { violations } })
    const replaced = replacedBy(ask)
    if (replaced === undefined && live.length >= LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX) {
      throw conflict(`An environment has at most ${LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX} live deployments.`)
    }
    const deployment = newDeployment(context, version, pipeline.project, environment)
    if (!dryRun) await replace(tx, context, replaced, deployment)
    return {
      deployment: { ...deployment, id: dryRun ? null : deployment.id },
      replaced: replaced?.id ?? null,
      warnings: policyWarnings(policySubject(version.spec)),
    }
  })
  return value
}

function newDeployment(
  context: OperationContext,
  { organization, pipeline, major, minor, spec }: VersionRow,
  project: string,
  environment: string,
): DeploymentRow {
  return {
    organization,
    id: newId('dep', context.randomBytes),
    environment,
    pipeline,
    project,
    major,
    minor,
    spec,
    createdAtMs: context.nowMs(),
    createdBy: context.actor.id,
    endedAtMs: null,
  }
}

async function replace(
  tx: Writer,
  context: OperationContext,
  replaced: DeploymentRow | undefined,
  deployment: DeploymentRow,
): Promise<void> {
  const { organization, id, pipeline, environment } = deployment
  if (replaced !== undefined) await tx.deployments.end(organization, replaced.id, deployment.createdAtMs)
  await tx.deployments.insert(deployment)
  tx.audit(
    auditEntry(context, organization, 'pipelines.deploy', `deployment/${id}`, {
      before: replaced === undefined ? null : { id: replaced.id, version: versionText(replaced) },
      after: { id, pipeline, environment, version: versionText(deployment) },
    }),
  )
}
