import type { IssuerRow } from '../../store/port/issuers.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireIssuers } from '../access/permitted-issuer.ts'
import { requestedPage } from '../paging.ts'

export interface ListIssuersInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** The issuers that an environment trusts beside itself. */
export async function listIssuers(
  context: OperationContext,
  input: ListIssuersInput,
): Promise<Page<IssuerRow>> {
  const { organization, environment } = input
  const { read } = context.store
  await requireIssuers(context, read.environments, organization, environment, 'signing-keys.read')
  return await read.issuers.list(organization, environment, requestedPage(input))
}
