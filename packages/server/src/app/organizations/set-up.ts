import { Problem } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import type { FoundedOrganization, FoundOrganizationInput } from './new-organization.ts'
import { firstEnvironments, foundOrganization, organizationErrors } from './new-organization.ts'
import { requireNone } from '../refusals.ts'

export interface SetUpInput {
  readonly organization: FoundOrganizationInput
}

/**
 * Makes the first organization. That the caller knows the set-up token is checked before.
 *
 * @throws Problem `already_set_up` once there is an organization
 */
export async function setUp(
  deps: OperationContext,
  { organization }: SetUpInput,
): Promise<FoundedOrganization> {
  const environments = await firstEnvironments(deps)
  const { value } = await deps.store.write(async (tx) => {
    if ((await tx.organizations.first()) !== undefined) throw new Problem('already_set_up')
    requireNone(organizationErrors('/organization', organization))
    return foundOrganization(tx, deps, organization, environments)
  })
  return value
}
