import type { ConsumerRow } from '../../store/port/consumers.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'

export interface GetConsumerInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
}

/** One consumer. */
export async function getConsumer(
  context: OperationContext,
  { organization, consumer }: GetConsumerInput,
): Promise<ConsumerRow> {
  return permittedConsumer(context, context.store.read.consumers, organization, consumer, 'consumers.read')
}
