import { Problem } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { newPerson, type NewPersonInput } from '../people/new-person.ts'
import {
  firstEnvironments,
  insertOrganization,
  requireUnreservedSlug,
  type NewOrganization,
  type NewOrganizationInput,
} from './new-organization.ts'

export interface SetUpInput {
  readonly organization: NewOrganizationInput
  /** A person who becomes the first owner, beside the owner key. */
  readonly owner?: Omit<NewPersonInput, 'passwordPath' | 'isEmailProven'> | undefined
}

/** Whether the first organization exists. */
export async function isSetUp({ store }: Pick<OperationContext, 'store'>): Promise<boolean> {
  return (await store.read.organizations.first()) !== undefined
}

/**
 * Creates the first organization. The caller of this function has already checked the set-up token.
 *
 * @throws Problem `already_set_up` if an organization exists, `invalid_request` for the password of the owner
 */
export async function setUp(
  context: OperationContext,
  { organization, owner }: SetUpInput,
): Promise<NewOrganization> {
  const environments = await firstEnvironments(context)
  const person =
    owner &&
    (await newPerson(context, {
      ...owner,
      passwordPath: '/owner/password',
      isEmailProven: true,
    }))
  const { value } = await context.store.write(async (tx) => {
    if ((await tx.organizations.first()) !== undefined) throw new Problem('already_set_up')
    requireUnreservedSlug('/organization/slug', organization.slug)
    if (person !== undefined) await tx.people.insert(person)
    return await insertOrganization(tx, context, organization, environments, person)
  })
  return value
}
