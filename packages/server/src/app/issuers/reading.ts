import type { IssuerRow } from '../../store/port/issuers.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedIssuer, requireIssuers } from '../access/permitted-issuer.ts'

export interface GetIssuerInput {
  readonly organization: string
  readonly environment: string
  /** An issuer's id. */
  readonly issuer: string
}

/** Returns one trusted issuer of an environment. */
export async function getIssuer(context: OperationContext, input: GetIssuerInput): Promise<IssuerRow> {
  return await permittedIssuer(context, context.store.read, input, 'signing-keys.read')
}

export interface ListIssuersInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** Lists the trusted issuers of an environment. */
export async function listIssuers(
  context: OperationContext,
  input: ListIssuersInput,
): Promise<Page<IssuerRow>> {
  const { organization, environment } = input
  const { read } = context.store
  await requireIssuers(context, read.environments, organization, environment, 'signing-keys.read')
  return await read.issuers.list(organization, environment, input)
}
