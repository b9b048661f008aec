import type { DeploymentRow } from '../../store/port/deployments.ts'
import { notFound } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { usedByDeployments } from '../gate/used-by.ts'
import { variablesNamedIn } from '../gate/check-urls.ts'
import { conflict } from '../refusals.ts'
import { auditedVariable } from './variable-facts.ts'

export interface RemoveVariableInput {
  readonly organization: string
  readonly environment: string
  readonly name: string
}
export interface RemovedVariable {
  readonly revision: number
}

/**
 * Removes a variable that no live deployment uses.
 *
 * @throws Problem `conflict` while a live deployment of the environment uses it, because its callers would be refused;
 *   `usedBy` lists the deployments that the actor may read
 */
export async function removeVariable(
  context: OperationContext,
  { organization, environment, name }: RemoveVariableInput,
): Promise<RemovedVariable> {
  const { revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(context, tx.environments, organization, environment, 'variables.write')
    const row = await tx.environmentVariables.get(organization, environment, name)
    if (row === undefined) throw notFound(`variable "${name}" in ${environment}`)
    const live = await tx.deployments.allLive(organization, environment)
    requireUnused(
      context,
      name,
      live.filter(({ spec }) => variablesNamedIn(spec).has(name)),
    )
    await tx.environmentVariables.remove(organization, environment, name)
    tx.audit(
      auditEntry(context, organization, 'variables.remove', `variable/${environment}/${name}`, {
        before: auditedVariable(row),
      }),
    )
  })
  return { revision }
}

function requireUnused(context: OperationContext, name: string, using: readonly DeploymentRow[]): void {
  if (using.length === 0) return
  const { usedBy, listed } = usedByDeployments(context, using)
  throw conflict(
    `Live deployments use the variable "${name}"${listed}. First deploy versions that do not use it, or remove the deployments.`,
    { usedBy },
  )
}
