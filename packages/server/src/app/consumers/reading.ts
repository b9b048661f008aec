import type { LabelFilter } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'

export interface GetConsumerInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
}

/** Returns one consumer. */
export async function getConsumer(
  context: OperationContext,
  { organization, consumer }: GetConsumerInput,
): Promise<ConsumerRow> {
  const { consumers } = context.store.read
  return await permittedConsumer(context, consumers, organization, consumer, 'consumers.read')
}

export interface ListConsumersInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
  readonly label?: readonly LabelFilter[] | undefined
}

/** Lists the consumers that the actor may read. */
export async function listConsumers(
  context: OperationContext,
  input: ListConsumersInput,
): Promise<Page<ConsumerRow>> {
  const { organization, environment, label: labels } = input
  const visible = visibleScopes(context, organization, 'consumers.read', ['environment'])
  const { consumers } = context.store.read
  const page = await consumers.list(organization, { ...input, visible }, { environment, labels })
  if (page.items.length === 0) await requireKnown(context, organization, 'consumers.read', { environment })
  return page
}
