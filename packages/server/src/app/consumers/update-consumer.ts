import type { ConsumerRow } from '../../store/port/consumers.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import { requestedPipelines } from './consumer-pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import { descriptionErrors } from '../names.ts'
import { requireNone } from '../refusals.ts'
import { requireCovered } from '../access/roles.ts'

export interface UpdateConsumerInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  readonly description?: string | null | undefined
  /** All that it may call from now on. */
  readonly pipelines?: readonly string[] | undefined
  readonly status?: 'active' | 'inactive' | undefined
}
export interface UpdatedConsumer {
  readonly consumer: ConsumerRow
  readonly revision: number
}

/** Changes what is said of a consumer, which pipelines it may call, and whether its keys work at all. */
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
    const description = input.description === undefined ? before.description : input.description
    requireNone(descriptionErrors('/description', description))
    // What it is associated with already stays, also where the actor may not see it.
    const added = (input.pipelines ?? []).filter((name) => !before.pipelines.includes(name))
    await requestedPipelines(context, tx.pipelines, organization, before.environment, added)
    const after: ConsumerRow = {
      ...before,
      description,
      active: input.status === undefined ? before.active : input.status === 'active',
      pipelines: input.pipelines === undefined ? before.pipelines : [...new Set(input.pipelines)],
    }
    if (after.active && !before.active) {
      // Switching a consumer on switches its keys on, with whatever roles they have.
      for (const key of await tx.keys.allOfConsumer(organization, before.id)) {
        if (key.deletedAtMs === null) requireCovered(context, key)
      }
    }
    await tx.consumers.update(after)
    tx.audit(
      auditEntry(context, organization, 'consumers.update', `consumer/${before.id}`, { before, after }),
    )
    return after
  })
  return { consumer: value, revision }
}
