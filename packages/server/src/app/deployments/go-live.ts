import type { PipelineSpec, Warning } from '@sallyport/core'
import { Problem } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { Writer } from '../../store/port/store.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { currentPolicy } from '../policies/current-policy.ts'
import { insertFirstSigningKey, type FreshSigningKey } from '../signing-keys/fresh-signing-key.ts'
import { gateViolations, replacedBy } from '../gate/gate.ts'
import { gateWarnings } from '../gate/warnings.ts'
import { newId } from '../new-id.ts'
import { conflict } from '../refusals.ts'
import { versionText } from '../pipelines/versions.ts'

/** The most live deployments of one environment. */
const LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX = 10_000

/** A version on its way live, once whoever asks for it was found to be allowed to. */
export interface Candidate {
  readonly organization: string
  readonly pipeline: string
  readonly major: number
  readonly minor: number
  readonly spec: PipelineSpec
  readonly project: string
  readonly environment: string
  /** Passes the gate, and goes no further. */
  readonly dryRun: boolean
  /** For an environment from before there were signing keys, where the version mints: made before the transaction. */
  readonly signingKey: FreshSigningKey
  /** What the audit log calls it. */
  readonly action: 'pipelines.deploy' | 'pipelines.promote' | 'pipelines.rollback' | 'pipelines.redeploy'
  /** The deployment that the version was taken from, where it was. */
  readonly from?: string
}

export interface Deployed {
  /** What is live now, or, tried only, what would be: then without an id. */
  readonly deployment: Omit<DeploymentRow, 'id'> & { readonly id: string | null }
  /** The id of the deployment whose place it took. */
  readonly replaced: string | null
  readonly warnings: readonly Warning[]
}

/**
 * The one way live, whatever was asked for: through the gate, judged by the target environment. Writers take turns, so
 * what the gate found still holds at the commit: of two deployments that race for one route, one goes live and the
 * other is refused.
 *
 * @throws Problem `deployment_refused` with every violation in `violations`; `not_found` for an unknown environment.
 *   Then nothing has changed
 */
export async function goLive(context: OperationContext, tx: Writer, candidate: Candidate): Promise<Deployed> {
  const { organization, pipeline, major, spec, environment, dryRun } = candidate
  const { mode } = await currentPolicy(tx.policies, organization, environment)
  const live = await tx.deployments.allLive(organization, environment)
  const secretNames = new Set(await tx.environmentSecrets.names(organization, environment))
  const ask = { pipeline, major, spec, environment, mode, live, secretNames }
  const violations = gateViolations(ask)
  if (violations.length > 0) throw new Problem('deployment_refused', { extensions: { violations } })
  const replaced = replacedBy(ask)
  if (replaced === undefined && live.length >= LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX) {
    throw conflict(`An environment has at most ${LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX} live deployments.`)
  }
  const deployment = newDeployment(context, candidate)
  if (!dryRun) await takePlace(context, tx, candidate, replaced, deployment)
  return {
    deployment: { ...deployment, id: dryRun ? null : deployment.id },
    replaced: replaced?.id ?? null,
    warnings: gateWarnings(spec),
  }
}

function newDeployment(
  context: OperationContext,
  { organization, pipeline, major, minor, spec, project, environment }: Candidate,
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
    endedBy: null,
    replacedBy: null,
  }
}

async function takePlace(
  context: OperationContext,
  tx: Writer,
  { action, from, signingKey }: Candidate,
  replaced: DeploymentRow | undefined,
  deployment: DeploymentRow,
): Promise<void> {
  const { organization, id, pipeline, environment, createdAtMs } = deployment
  if (replaced !== undefined) {
    await tx.deployments.end(organization, replaced.id, {
      endedAtMs: createdAtMs,
      endedBy: context.actor.id,
      replacedBy: id,
    })
  }
  await tx.deployments.insert(deployment)
  await ensureSigningKey(context, tx, deployment, signingKey)
  tx.audit(
    auditEntry(context, organization, action, `deployment/${id}`, {
      before: replaced === undefined ? null : { id: replaced.id, version: versionText(replaced) },
      after: {
        id,
        pipeline,
        environment,
        version: versionText(deployment),
        ...(from === undefined ? {} : { from }),
      },
    }),
  )
}

/** A version that mints has a key to sign with as soon as it is live. */
async function ensureSigningKey(
  context: OperationContext,
  tx: Writer,
  { organization, environment, spec }: DeploymentRow,
  signingKey: FreshSigningKey,
): Promise<void> {
  if (!spec.steps.some((step) => step.kind === 'jwt.generate')) return
  const keys = await tx.signingKeys.all(organization, environment)
  if (keys.some((key) => key.verifiesUntilMs === null)) return
  await insertFirstSigningKey(tx, context, signingKey, { organization, environment })
}
