import { versionText } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import { isPermitted, notFound } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { secretsNamedIn } from '../gate/check-urls.ts'
import { conflict } from '../refusals.ts'
import { auditedSecret } from './secret-facts.ts'

/** The most deployments that a refusal lists. */
const USED_BY_MAX = 50

export interface RemoveSecretInput {
  readonly organization: string
  readonly environment: string
  readonly name: string
}
export interface RemovedSecret {
  readonly revision: number
}

/**
 * Removes a secret that no live deployment uses.
 *
 * @throws Problem `conflict` while a live deployment of the environment uses it, because its callers would be refused;
 *   `usedBy` lists the deployments that the actor may read
 */
export async function removeSecret(
  context: OperationContext,
  { organization, environment, name }: RemoveSecretInput,
): Promise<RemovedSecret> {
  const { revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(context, tx.environments, organization, environment, 'secrets.write')
    const row = await tx.environmentSecrets.get(organization, environment, name)
    if (row === undefined) throw notFound(`secret "${name}" in ${environment}`)
    const live = await tx.deployments.allLive(organization, environment)
    requireUnused(
      context,
      name,
      live.filter(({ spec }) => secretsNamedIn(spec).has(name)),
    )
    await tx.environmentSecrets.remove(organization, environment, name)
    tx.audit(
      auditEntry(context, organization, 'secrets.remove', `secret/${environment}/${name}`, {
        before: auditedSecret(row),
      }),
    )
  })
  return { revision }
}

function requireUnused(context: OperationContext, name: string, using: readonly DeploymentRow[]): void {
  if (using.length === 0) return
  const usedBy = using
    .filter(({ organization, environment, project, pipeline }) =>
      isPermitted(context, organization, 'pipelines.read', { environment, project, pipeline }),
    )
    .slice(0, USED_BY_MAX)
    .map((row) => ({ pipeline: row.pipeline, version: versionText(row), deploymentId: row.id }))
  const names = usedBy.map(({ pipeline, version }) => `${pipeline} ${version}`).join(', ')
  throw conflict(
    `Live deployments use the secret "${name}"${names === '' ? '' : `: ${names}`}. First deploy versions that do not use it, or remove the deployments.`,
    { usedBy },
  )
}
