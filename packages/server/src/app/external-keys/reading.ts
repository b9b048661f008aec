import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { factsOf, permittedExternalKey, withFacts, type ExternalKeyFacts } from './external-key-facts.ts'

export interface GetExternalKeyInput {
  readonly organization: string
  /** An external key's id. */
  readonly externalKey: string
}

export async function getExternalKey(
  context: OperationContext,
  { organization, externalKey: id }: GetExternalKeyInput,
): Promise<ExternalKeyFacts> {
  const { externalKeys } = context.store.read
  const row = await permittedExternalKey(context, externalKeys, organization, id, 'external-keys.read')
  return await factsOf(context, externalKeys, row)
}

export interface ListExternalKeysInput extends PageRequest {
  readonly organization: string
}

/** Lists the external keys, oldest first. */
export async function listExternalKeys(
  context: OperationContext,
  { organization, limit, cursor }: ListExternalKeysInput,
): Promise<Page<ExternalKeyFacts>> {
  requirePermission(context, organization, 'external-keys.read')
  const { externalKeys } = context.store.read
  const page = cursor === undefined ? { limit } : { limit, cursor }
  const { items, next } = await externalKeys.list(organization, page)
  return { items: await withFacts(context, externalKeys, organization, items), next }
}
