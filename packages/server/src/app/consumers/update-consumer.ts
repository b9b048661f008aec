import type { CheckedLabels, Description } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Writer } from '../../store/port/store.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { customRolesAmong, requireCovered, requireWithinBounds } from '../access/roles.ts'
import { requestedPipelines } from './requested-pipelines.ts'

export interface UpdateConsumerInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  readonly description?: Description | null | undefined
  /** The complete new list of pipelines that it may call. */
  readonly pipelines?: readonly string[] | undefined
  /** All labels that it has afterwards. */
  readonly labels?: CheckedLabels | undefined
  readonly status?: 'active' | 'inactive' | undefined
}
export interface UpdatedConsumer {
  readonly consumer: ConsumerRow
  readonly revision: number
}

/**
 * Updates the description of a consumer, its pipelines and labels, and whether its credentials work.
 *
 * @throws Problem `permission_missing` also if a credential of the consumer could do more with it than the actor may, or
 *   longer, or from more addresses
 */
export async function updateConsumer(
  context: OperationContext,
  input: UpdateConsumerInput,
): Promise<UpdatedConsumer> {
  const { organization } = input
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedConsumer(
      context,
      tx.consumers,
      organization,
      input.consumer,
      'consumers.write',
    )
    // Pipelines that it may call already stay, even if the actor may not read them.
    const added = (input.pipelines ?? []).filter((name) => !before.pipelines.includes(name))
    await requestedPipelines(context, tx.pipelines, organization, before.environment, added)
    const after: ConsumerRow = {
      ...before,
      description: input.description === undefined ? before.description : input.description,
      active: input.status === undefined ? before.active : input.status === 'active',
      pipelines: input.pipelines === undefined ? before.pipelines : [...new Set(input.pipelines)],
      labels: input.labels ?? before.labels,
    }
    if (after.active && !before.active) await requireRevivable(context, tx, before)
    else if (after.active && added.length > 0) await requireWithinItsBounds(context, tx, before)
    await tx.consumers.update(after)
    tx.audit(
      auditEntry(context, organization, 'consumers.update', `consumer/${before.id}`, { before, after }),
    )
    return after
  })
  return { consumer: value, revision }
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
