import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { invalidRequest } from '../refusals.ts'
import { signingKeyFacts, type SigningKeyFacts } from './signing-key-facts.ts'

export interface ListSigningKeysInput extends PageRequest {
  readonly organization: string
  readonly environment: string
}

/** Lists the signing keys of an environment, the active one first. They are few, but page like every list. */
export async function listSigningKeys(
  context: OperationContext,
  input: ListSigningKeysInput,
): Promise<Page<SigningKeyFacts>> {
  const { organization, environment, limit, cursor } = input
  const { read } = context.store
  await permittedEnvironment(context, read.environments, organization, environment, 'signing-keys.read')
  const keys = (await read.signingKeys.all(organization, environment)).map(signingKeyFacts)
  const last = cursor === undefined ? -1 : keys.findIndex(({ id }) => id === cursor)
  if (cursor !== undefined && last === -1) {
    throw invalidRequest([{ path: '/cursor', message: 'Send the `next` value of the previous page.' }])
  }
  const items = keys.slice(last + 1, last + 1 + limit)
  return { items, next: last + 1 + limit < keys.length ? (items.at(-1)?.id ?? null) : null }
}
