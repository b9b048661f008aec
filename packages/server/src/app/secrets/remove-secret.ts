import type { DeploymentRow } from '../../store/port/deployments.ts'
import { notFound } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { usedByDeployments } from '../gate/used-by.ts'
import { secretsNamedIn } from '../gate/check-urls.ts'
import { conflict } from '../refusals.ts'
import { auditedSecret } from './secret-facts.ts'

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
  const { usedBy, listed } = usedByDeployments(context, using)
  throw conflict(
    `Live deployments use the secret "${name}"${listed}. First deploy versions that do not use it, or remove the deployments.`,
    { usedBy },
  )
}
