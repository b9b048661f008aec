import type { OperationContext } from '../access/context.ts'
import { changeConsumer, type ChangedConsumer, type ConsumerChange } from './change-consumer.ts'

export interface UpdateConsumerInput extends ConsumerChange {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
}

/**
 * Updates the title and description of a consumer, its pipelines, projects, labels and plan, and whether its credentials work.
 *
 * @throws Problem as `changeConsumer`
 */
export async function updateConsumer(
  context: OperationContext,
  input: UpdateConsumerInput,
): Promise<ChangedConsumer> {
  return await changeConsumer(context, input, () => input)
}
