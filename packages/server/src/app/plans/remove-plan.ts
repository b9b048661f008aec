import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'
import { permittedPlan, type PlanIdentity } from './permitted-plan.ts'

/** The most consumers that a refusal lists. */
const USED_BY_MAX = 50

export interface RemovedPlan {
  readonly revision: number
}

/**
 * Removes a plan that no consumer has.
 *
 * @throws Problem `conflict` while consumers have it, even inactive ones; `usedBy` lists the first of them that the actor may read
 */
export async function removePlan(context: OperationContext, identity: PlanIdentity): Promise<RemovedPlan> {
  const { organization, environment, plan: name } = identity
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedPlan(context, tx, identity, 'consumers.write')
    await requireUnused(context, tx, identity)
    await tx.plans.remove(organization, environment, name)
    tx.audit(auditEntry(context, organization, 'plans.remove', `plan/${row.id}`, { before: row }))
  })
  return { revision }
}

async function requireUnused(
  context: OperationContext,
  { consumers }: Writer,
  { organization, environment, plan: name }: PlanIdentity,
): Promise<void> {
  const filter = { environment, plan: name }
  const { items } = await consumers.list(organization, { limit: USED_BY_MAX }, filter)
  if (items.length === 0) return
  const isReadable = isPermitted(context, organization, 'consumers.read', { environment })
  const usedBy = isReadable ? items.map((consumer) => ({ id: consumer.id, name: consumer.name })) : []
  const names = usedBy.map((consumer) => consumer.name).join(', ')
  throw conflict(
    `Consumers have the plan "${name}"${names === '' ? '' : `: ${names}`}. First give them another plan, or none.`,
    { usedBy },
  )
}
