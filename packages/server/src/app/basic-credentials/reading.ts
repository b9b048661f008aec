import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'

export interface ListBasicCredentialsInput extends PageRequest {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
}

/** Lists the Basic credentials of a consumer. */
export async function listBasicCredentials(
  context: OperationContext,
  input: ListBasicCredentialsInput,
): Promise<Page<BasicCredentialRow>> {
  const { organization, consumer } = input
  const { read } = context.store
  await permittedConsumer(context, read.consumers, organization, consumer, 'consumers.read')
  return await read.basicCredentials.listOfConsumer(organization, consumer, input)
}
