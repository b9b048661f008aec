import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'
import { newSigningKey } from '../signing-keys/new-signing-key.ts'
import { requireExistingPipeline } from './existing-pipeline.ts'
import { goLive, type Deployed } from './go-live.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'
import { conflict, invalidRequest } from '../refusals.ts'

export interface PromoteInput {
  readonly organization: string
  /** The id of a live deployment. */
  readonly deployment: string
  /** The target environment. */
  readonly environment: string
  readonly dryRun: boolean
}

/**
 * Deploys the version of a live deployment in another environment if it passes that environment's gate. An ended
 * deployment is not promoted, because it may have ended due to a fault.
 *
 * @throws Problem `conflict` for an ended deployment, and if the pipeline was removed; everything that `deploy` throws
 */
export async function promote(context: OperationContext, input: PromoteInput): Promise<Deployed> {
  const { organization, environment, dryRun } = input
  const signingKey = await newSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const row = await permittedDeployment(
      context,
      tx.deployments,
      organization,
      input.deployment,
      'pipelines.read',
    )
    requireExistingPipeline(row)
    const { project } = await permittedPipeline(
      context,
      tx,
      organization,
      row.pipeline,
      'pipelines.deploy',
      environment,
    )
    if (row.environment === environment) {
      const message =
        'The deployment already belongs to this environment. Redeploy it, or choose another environment.'
      throw invalidRequest([{ path: '/environment', message }])
    }
    if (row.endedAtMs !== null) {
      throw conflict(
        'The deployment has ended; only live deployments can be promoted. Deploy its version instead.',
      )
    }
    const from = { deployment: row.id, environment: row.environment }
    const candidate = { ...row, project, environment, dryRun, signingKey, from }
    return await goLive(context, tx, { ...candidate, origin: 'promote' })
  })
  return value
}
