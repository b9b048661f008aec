import { isDeepStrictEqual } from 'node:util'
import type { CheckedLabels, Description, Title } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Writer } from '../../store/port/store.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { customRolesAmong, requireCovered, requireWithinBounds } from '../access/roles.ts'
import { requireNoOwnLimits } from '../plans/looser-limits.ts'
import { requirePlan } from '../plans/requested-plan.ts'
import { type AssociationKind, type Associations, requestedAssociations } from './requested-associations.ts'

export interface ConsumerChange {
  readonly title?: Title | null | undefined
  readonly description?: Description | null | undefined
  /** The complete new list of pipelines that it may call. */
  readonly pipelines?: readonly string[] | undefined
  /** The complete new list of projects of which it may call every pipeline. */
  readonly projects?: readonly string[] | undefined
  /** All labels that it has afterwards. */
  readonly labels?: CheckedLabels | undefined
  /** The name of a plan of its environment; null for none. */
  readonly plan?: string | null | undefined
  readonly status?: 'active' | 'inactive' | undefined
}
export interface ChangedConsumer {
  readonly consumer: ConsumerRow
  readonly revision: number
}
interface Named {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
}

/**
 * Changes a consumer.
 *
 * @param changesOf the change, of the consumer as it is when the change is written
 * @param pathOf where the name of an association stands in the body; by default in a list of its kind
 * @throws Problem `permission_missing` also if a credential of the consumer could do more with it than the actor may, or
 *   longer, or from more addresses, or if the actor has rate limits of its own and the consumer a plan that is changed
 */
export async function changeConsumer(
  context: OperationContext,
  { organization, consumer }: Named,
  changesOf: (before: ConsumerRow) => ConsumerChange,
  pathOf?: (kind: AssociationKind, index: number) => string,
): Promise<ChangedConsumer> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedConsumer(context, tx.consumers, organization, consumer, 'consumers.write')
    const {
      title = before.title,
      description = before.description,
      pipelines = before.pipelines,
      projects = before.projects,
      labels = before.labels,
      plan = before.plan,
      status,
    } = changesOf(before)
    const naming = { known: before, ...(pathOf !== undefined && { pathOf }) }
    const associations = await requestedAssociations(context, tx, before, { pipelines, projects }, naming)
    if (plan !== before.plan) await requirePlan(tx, before, plan)
    const after: ConsumerRow = {
      ...before,
      title,
      description,
      active: status === undefined ? before.active : status === 'active',
      ...associations,
      labels,
      plan,
    }
    // What changes nothing is neither written nor recorded.
    if (isDeepStrictEqual(after, before)) return before
    if (after.active && !before.active) await requireRevivable(context, tx, before)
    else if (after.active && isMore(associations, before)) await requireWithinItsBounds(context, tx, before)
    if (before.plan !== null && after.plan !== before.plan) requireNoOwnLimits(context)
    await tx.consumers.update(after)
    tx.audit(
      auditEntry(context, organization, 'consumers.update', `consumer/${before.id}`, { before, after }),
    )
    return after
  })
  return { consumer: value, revision }
}

/** Whether a consumer gets an association that it did not have. */
function isMore(after: Associations, before: Associations): boolean {
  return (['pipelines', 'projects'] as const).some((kind) =>
    after[kind].some((name) => !before[kind].includes(name)),
  )
}

/** Switching a consumer on revives all its credentials: the actor must be able to give each of them. */
async function requireRevivable(
  context: OperationContext,
  tx: Writer,
  { organization, id, environment }: ConsumerRow,
): Promise<void> {
  const keys = await tx.keys.allOfConsumer(organization, id)
  const roles = [...new Set(keys.flatMap((key) => key.roles))]
  const custom = await customRolesAmong(tx.roles, { organization, roles })
  // All keys of a consumer have its environment.
  requireCovered(context, { organization, roles, environment }, custom)
  await requireWithinItsBounds(context, tx, { organization, id })
}

/** What a consumer may call, each of its credentials may call: the actor must have bounds no narrower than theirs. */
async function requireWithinItsBounds(
  context: OperationContext,
  tx: Writer,
  { organization, id }: Pick<ConsumerRow, 'organization' | 'id'>,
): Promise<void> {
  const keys = await tx.keys.allOfConsumer(organization, id)
  for (const key of keys) requireWithinBounds(context, 'consumers.write', key)
  if ((await tx.basicCredentials.countOfConsumer(organization, id)) > 0) {
    requireWithinBounds(context, 'consumers.write', NO_BOUNDS)
  }
}
