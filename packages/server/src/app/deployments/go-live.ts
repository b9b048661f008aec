import type { PipelineSpec, Warning } from '@sallyport/core'
import { claimsOf, deploymentFacts, Problem, routeCount, versionText } from '@sallyport/core'
import type {
  DeploymentOrigin,
  DeploymentRow,
  DeploymentSource,
  LiveRoutes,
  RelatedDeployment,
} from '../../store/port/deployments.ts'
import type { Writer } from '../../store/port/store.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { readsDeployment, withReadableSource } from '../access/permitted-deployment.ts'
import { currentPolicy } from '../policies/current-policy.ts'
import { insertFirstSigningKey, type NewSigningKey } from '../signing-keys/new-signing-key.ts'
import { hostWarnings, servedHostsOf, type ServedHosts } from '../gate/check-hosts.ts'
import { gateViolations, replacedBy } from '../gate/gate.ts'
import { hiddenRouteWarnings } from '../gate/hidden-route-warnings.ts'
import { gateWarnings } from '../gate/warnings.ts'
import { variableValues } from '../variables/variable-facts.ts'
import { previousEnvironment } from './previous-environment.ts'
import { newId } from '../new-id.ts'
import { requireQuota } from '../quotas/require-quota.ts'
import { conflict } from '../refusals.ts'

/** The most live deployments of one environment. */
const LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX = 10_000

/** A version to deploy; the actor is already authorized. */
export interface Candidate {
  readonly organization: string
  readonly pipeline: string
  readonly major: number
  readonly minor: number
  readonly spec: PipelineSpec
  readonly project: string
  readonly environment: string
  /** Checks the gate without deploying. */
  readonly dryRun: boolean
  /** Generated before the transaction, for an environment without a signing key and a version that mints tokens. */
  readonly signingKey: NewSigningKey
  readonly origin: DeploymentOrigin
  /** The deployment from which the version was taken; null for `deploy`. */
  readonly from: DeploymentSource | null
}

export interface Deployed {
  /** The new deployment; after a dry run, the one that would be created, without an id. */
  readonly deployment: Omit<DeploymentRow, 'id'> & { readonly id: string | null }
  /** The id of the deployment that it replaced. */
  readonly replaced: string | null
  readonly warnings: readonly Warning[]
}

/**
 * Deploys a version if it passes the gate of the target environment; every way to deploy ends here. Write transactions
 * are serialized, so the gate's result still holds at the commit: of two deployments that compete for one route, one
 * succeeds and the other is refused.
 *
 * @throws Problem `deployment_refused` with every violation in `violations`; `not_found` for an unknown environment.
 *   Nothing has changed then
 */
export async function goLive(context: OperationContext, tx: Writer, candidate: Candidate): Promise<Deployed> {
  const { organization, pipeline, major, spec, environment, dryRun } = candidate
  const { mode } = await currentPolicy(tx.policies, organization, environment)
  const { routes } = deploymentFacts(spec)
  const claims = claimsOf(routes)
  const live = await tx.deployments.related(organization, environment, { pipeline, major, claims })
  const secretNames = new Set(await tx.environmentSecrets.names(organization, environment))
  const variables = variableValues(await tx.environmentVariables.all(organization, environment))
  const servedHosts = servedHostsOf(context.hosts, candidate)
  const hidden = hiddenFrom(context, live)
  const replaced = replacedBy({ pipeline, major, live })
  const beside = await sharingHosts(tx, candidate, servedHosts)
  const previous = isNewHere(candidate, replaced) ? await previousEnvironment(context, tx, candidate) : null
  const violations = gateViolations({
    pipeline,
    major,
    version: versionText(candidate),
    spec,
    environment,
    previous,
    mode,
    live,
    hidden,
    secretNames,
    variables,
    servedHosts,
  })
  if (violations.length > 0) throw new Problem('deployment_refused', { extensions: { violations } })
  if (replaced === undefined) await requireRoom(tx, organization, environment)
  await requireQuota(context, tx, organization, {
    deployments: replaced === undefined ? 1 : 0,
    routes: routeCount(routes) - (replaced === undefined ? 0 : routeCount(replaced.routes)),
  })
  const deployment = newDeployment(context, candidate)
  if (!dryRun) await insertDeployment(context, tx, candidate, replaced, deployment)
  return {
    deployment: { ...withReadableSource(context, deployment), id: dryRun ? null : deployment.id },
    replaced: replaced?.id ?? null,
    warnings: [
      ...gateWarnings(
        spec,
        live.filter((row) => row !== replaced && !hidden.has(row.id)),
      ),
      ...hostWarnings(spec, servedHosts),
      ...hiddenRouteWarnings(
        spec,
        beside.filter(({ id }) => id !== replaced?.id),
        hiddenFrom(context, beside),
        servedHosts.has,
      ),
    ],
  }
}

/** The live deployments whose hosts decide, beside those of the version, which of them answers a request. */
async function sharingHosts(
  tx: Writer,
  { organization, environment, spec }: Candidate,
  served: ServedHosts,
): Promise<readonly RelatedDeployment[]> {
  if (served.all.length === 0) return []
  return await tx.deployments.atHosts(
    organization,
    environment,
    spec.trigger.hosts === undefined ? 'own' : 'any',
  )
}

/** Whether the version is neither live in the environment nor one that was live there before and is rolled back to. */
function isNewHere({ origin, minor }: Candidate, replaced: LiveRoutes | undefined): boolean {
  return origin !== 'rollback' && replaced?.minor !== minor
}

/** The ids of the deployments that the actor may not read, although a version meets them. */
function hiddenFrom(context: OperationContext, live: readonly RelatedDeployment[]): ReadonlySet<string> {
  return new Set(live.filter((row) => !readsDeployment(context, row)).map(({ id }) => id))
}

/** @throws Problem `conflict` if an environment cannot have another live deployment */
async function requireRoom(tx: Writer, organization: string, environment: string): Promise<void> {
  if ((await tx.deployments.countLive(organization, environment)) < LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX)
    return
  throw conflict(
    `An environment has at most ${LIVE_DEPLOYMENTS_PER_ENVIRONMENT_MAX} live deployments. Remove an unused one.`,
  )
}

function newDeployment(
  context: OperationContext,
  { organization, pipeline, major, minor, spec, project, environment, origin, from }: Candidate,
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
    origin,
    from,
    createdAtMs: context.nowMs(),
    createdBy: context.actor.id,
    endedAtMs: null,
    endedBy: null,
    replacedBy: null,
    pipelineRemovedAtMs: null,
  }
}

async function insertDeployment(
  context: OperationContext,
  tx: Writer,
  { origin, from, signingKey }: Candidate,
  replaced: LiveRoutes | undefined,
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
    auditEntry(context, organization, `pipelines.${origin}`, `deployment/${id}`, {
      before: replaced === undefined ? null : { id: replaced.id, version: versionText(replaced) },
      after: {
        id,
        pipeline,
        environment,
        version: versionText(deployment),
        ...(from === null ? {} : { from: from.deployment }),
      },
    }),
  )
}

/** Ensures that a version that mints tokens has a signing key as soon as it is live. */
async function ensureSigningKey(
  context: OperationContext,
  tx: Writer,
  { organization, environment, spec }: DeploymentRow,
  signingKey: NewSigningKey,
): Promise<void> {
  if (!spec.steps.some((step) => step.kind === 'jwt.generate')) return
  const keys = await tx.signingKeys.all(organization, environment)
  if (keys.some((key) => key.verifiesUntilMs === null)) return
  await insertFirstSigningKey(tx, context, signingKey, { organization, environment })
}
