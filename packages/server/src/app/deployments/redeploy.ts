import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'
import { freshSigningKey } from '../signing-keys/fresh-signing-key.ts'
import { goLive, type Deployed } from './go-live.ts'

export interface RedeployInput {
  readonly organization: string
  /** A deployment's id, live or ended. */
  readonly deployment: string
  readonly dryRun: boolean
}

/**
 * Puts the version of a deployment live again where it was: one that was taken down, one that another minor has
 * replaced, or one that is live, so that it meets the gate of today.
 *
 * @throws what `deploy` throws
 */
export async function redeploy(context: OperationContext, input: RedeployInput): Promise<Deployed> {
  const { organization, deployment: id, dryRun } = input
  const signingKey = await freshSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const row = await permittedDeployment(context, tx.deployments, organization, id, 'pipelines.deploy')
    return await goLive(context, tx, { ...row, dryRun, signingKey, action: 'pipelines.redeploy', from: id })
  })
  return value
}
