import type { Writer } from '../../store/port/store.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { requireStepUp } from '../access/step-up.ts'
import { allEnvironments, closeGaps } from './environment-order.ts'
import { conflict } from '../refusals.ts'
import { requireNotInRoles } from '../roles/role-scopes.ts'

export interface RemoveEnvironmentInput {
  readonly organization: string
  readonly environment: string
}
export interface RemovedEnvironment {
  readonly revision: number
}

/**
 * Removes an unused environment with its policies, signing keys, issuers, secrets, variables and past deployments.
 *
 * @throws Problem `conflict` while the environment has live deployments, consumers, or keys that are not deleted, while the next
 *   one requires versions to be live in it, and while a role names it; `step_up_required`
 */
export async function removeEnvironment(
  context: OperationContext,
  { organization, environment }: RemoveEnvironmentInput,
): Promise<RemovedEnvironment> {
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedEnvironment(
      context,
      tx.environments,
      organization,
      environment,
      'organization.write',
    )
    const one = { limit: 1 }
    const left = [
      ['live deployments', await tx.deployments.list(organization, one, { environment })],
      ['consumers', await tx.consumers.list(organization, one, { environment })],
      ['keys', await tx.keys.list(organization, one, { filter: { environment } })],
    ] as const
    const kinds = left.flatMap(([kind, page]) => (page.items.length > 0 ? [kind] : []))
    if (kinds.length > 0) {
      throw conflict(`The environment "${environment}" still has ${kinds.join(', ')}. Remove them first.`)
    }
    await requireNotRequired(tx, organization, environment)
    // Its signing keys end with it.
    requireStepUp(context)
    await requireNotInRoles(context, tx, organization, 'environment', environment)
    await tx.environments.remove(organization, environment)
    await closeGaps(tx.environments, organization)
    tx.audit(
      auditEntry(context, organization, 'environments.remove', `environment/${environment}`, {
        before: { name: row.name, position: row.position },
      }),
    )
  })
  return { revision }
}

/**
 * Without the environment, the next one would require another one, or nothing if it becomes the first. That must be a
 * decision and not a side effect.
 *
 * @throws Problem `conflict`
 */
async function requireNotRequired(tx: Writer, organization: string, environment: string): Promise<void> {
  const rows = await allEnvironments(tx.environments, organization)
  const next = rows[rows.findIndex(({ name }) => name === environment) + 1]
  if (next?.requiresPrevious !== true) return
  throw conflict(
    `The environment after "${environment}" takes only versions that are live in "${environment}". First set its \`requiresPrevious\` to false, or move one of the two.`,
  )
}
