import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import { requireSomewhere, visiblePage } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { requestedPage } from '../paging.ts'

export interface ListConsumersInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
}

/** The consumers that the actor may know of. */
export async function listConsumers(
  context: OperationContext,
  input: ListConsumersInput,
): Promise<Page<ConsumerRow>> {
  const { organization, environment } = input
  requireSomewhere(context, organization, 'consumers.read', ['environment'])
  const filter = environment === undefined ? {} : { environment }
  const page = await context.store.read.consumers.list(organization, requestedPage(input), filter)
  return visiblePage(context, 'consumers.read', page, (row) => ({ environment: row.environment }))
}
