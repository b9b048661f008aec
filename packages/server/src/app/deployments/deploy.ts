import { type ParsedVersion, versionText } from '@sallyport/core'
import { notFound } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { newSigningKey } from '../signing-keys/new-signing-key.ts'
import { goLive, type Deployed } from './go-live.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'

export interface DeployInput {
  readonly organization: string
  readonly pipeline: string
  readonly version: ParsedVersion
  readonly environment: string
  readonly dryRun: boolean
}

/**
 * Deploys a version if it passes the gate.
 *
 * @throws Problem `deployment_refused` with every violation in `violations`; nothing has changed then
 */
export async function deploy(context: OperationContext, input: DeployInput): Promise<Deployed> {
  const { organization, environment, dryRun } = input
  const { major, minor } = input.version
  const signingKey = await newSigningKey(context)
  const { value } = await context.store.write(async (tx) => {
    const pipeline = await permittedPipeline(
      context,
      tx,
      organization,
      input.pipeline,
      'pipelines.deploy',
      environment,
    )
    const version = await tx.pipelines.version(organization, pipeline.name, major, minor)
    if (version === undefined)
      throw notFound(`version ${versionText(input.version)} of pipeline "${pipeline.name}"`)
    const { project } = pipeline
    return await goLive(context, tx, {
      ...version,
      project,
      environment,
      dryRun,
      signingKey,
      origin: 'deploy',
      from: null,
    })
  })
  return value
}
