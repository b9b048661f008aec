import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'
import { freshSigningKey } from '../signing-keys/fresh-signing-key.ts'
import { goLive, type Deployed } from './go-live.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'
import { conflict, invalidRequest } from '../refusals.ts'

export interface PromoteInput {
  readonly organization: string
  /** The id of a live deployment. */
  readonly deployment: string
  /** Where its version is to go live too. */
  readonly environment: string
  readonly dryRun: boolean
}

/**
 * Puts the version of a live deployment live in another environment, through the gate of that one. Only what is live
 * is promoted: it is what was tried where it stands, and an ended one may have ended because it was not fit.
 *
 * @throws Problem `conflict` for a deployment that has ended; what `deploy` throws
 */
export async function promote(context: OperationContext, input: PromoteInput): Promise<Deployed> {
  const { organization, environment, dryRun } = input
  const signingKey = await freshSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const row = await permittedDeployment(
      context,
      tx.deployments,
      organization,
      input.deployment,
      'pipelines.read',
    )
    const { project } = await permittedPipeline(
      context,
      tx.pipelines,
      organization,
      row.pipeline,
      'pipelines.deploy',
      environment,
    )
    if (row.environment === environment) {
      const message = 'The deployment is of this environment already: redeploy it to have it go live anew.'
      throw invalidRequest([{ path: '/environment', message }])
    }
    if (row.endedAtMs !== null) {
      throw conflict('The deployment has ended, and only a live one is promoted. Deploy its version instead.')
    }
    const candidate = { ...row, project, environment, dryRun, signingKey, from: row.id }
    return await goLive(context, tx, { ...candidate, action: 'pipelines.promote' })
  })
  return value
}
