import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'
import { newSigningKey } from '../signing-keys/new-signing-key.ts'
import { requireExistingPipeline } from './existing-pipeline.ts'
import { goLive, type Deployed } from './go-live.ts'

export interface RedeployInput {
  readonly organization: string
  /** The id of a live or ended deployment. */
  readonly deployment: string
  readonly dryRun: boolean
}

/**
 * Deploys the version of a live or ended deployment again in the same environment, if it passes the current gate.
 *
 * @throws Problem `conflict` if the pipeline was removed; everything that `deploy` throws
 */
export async function redeploy(context: OperationContext, input: RedeployInput): Promise<Deployed> {
  const { organization, deployment: id, dryRun } = input
  const signingKey = await newSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const row = await permittedDeployment(context, tx.deployments, organization, id, 'pipelines.deploy')
    requireExistingPipeline(row)
    const from = { deployment: id, environment: row.environment }
    return await goLive(context, tx, { ...row, dryRun, signingKey, origin: 'redeploy', from })
  })
  return value
}
