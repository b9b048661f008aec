import type { LabelFilter } from '@sallyport/core'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import { requirePlan } from '../plans/requested-plan.ts'
import { invalidRequest } from '../refusals.ts'

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
  /** The name of a plan of `environment`. */
  readonly plan?: string | undefined
}

/** Lists the consumers that the actor may read. @throws Problem `invalid_request` for a filter that names what does not exist */
export async function listConsumers(
  context: OperationContext,
  input: ListConsumersInput,
): Promise<Page<ConsumerRow>> {
  const { organization, environment, label: labels, plan } = input
  if (plan !== undefined && environment === undefined) {
    const message = 'A plan belongs to an environment. Name the environment too.'
    throw invalidRequest([{ path: 'query/plan', message }])
  }
  const visible = visibleScopes(context, organization, 'consumers.read', ['environment'])
  const { read } = context.store
  const page = await read.consumers.list(organization, { ...input, visible }, { environment, labels, plan })
  if (page.items.length === 0) {
    await requireKnown(context, organization, 'consumers.read', { environment })
    if (plan !== undefined && environment !== undefined)
      await requirePlan(read, { organization, environment }, plan, 'query/plan')
  }
  return page
}
