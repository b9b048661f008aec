import { notFound } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { freshSigningKey } from '../signing-keys/fresh-signing-key.ts'
import { goLive, type Deployed } from './go-live.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'
import { readVersion } from '../pipelines/versions.ts'

export interface DeployInput {
  readonly organization: string
  readonly pipeline: string
  /** `major.minor`. */
  readonly version: string
  readonly environment: string
  readonly dryRun: boolean
}

/**
 * Puts a version live, through the gate.
 *
 * @throws Problem `deployment_refused` with every violation in `violations`; then nothing has changed
 */
export async function deploy(context: OperationContext, input: DeployInput): Promise<Deployed> {
  const number = readVersion('/version', input.version)
  const { organization, environment, dryRun } = input
  const signingKey = await freshSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const pipeline = await permittedPipeline(
      context,
      tx.pipelines,
      organization,
      input.pipeline,
      'pipelines.deploy',
      environment,
    )
    const version = await tx.pipelines.version(organization, pipeline.name, number.major, number.minor)
    if (version === undefined) throw notFound(`version ${input.version} of pipeline "${pipeline.name}"`)
    const { project } = pipeline
    return await goLive(context, tx, {
      ...version,
      project,
      environment,
      dryRun,
      signingKey,
      action: 'pipelines.deploy',
    })
  })
  return value
}
