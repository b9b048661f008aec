import type { IssuerRow } from '../../store/port/issuers.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedIssuer } from '../access/permitted-issuer.ts'

export interface GetIssuerInput {
  readonly organization: string
  readonly environment: string
  /** An issuer's id. */
  readonly issuer: string
}

/** An issuer that an environment trusts. */
export async function getIssuer(context: OperationContext, input: GetIssuerInput): Promise<IssuerRow> {
  return await permittedIssuer(context, context.store.read, input, 'signing-keys.read')
}
