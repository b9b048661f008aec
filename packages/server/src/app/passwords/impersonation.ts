import { lackingGrants, type Grant } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { lastingGrants, type HolderReaders } from '../access/lasting-grants.ts'
import { customRolesAmong, grantsOfKey } from '../access/roles.ts'

/** What a person may do and an actor may not. */
export interface LackingRight {
  readonly organization: string
  /** Undefined if the actor does not belong to the organization, or no longer works there. */
  readonly grant: Grant | undefined
}

/**
 * Whether an actor could do something new by acting as a person: what the person may do in any organization and the actor
 * may not.
 *
 * @param actor the id of a person or key
 * @param person the id of the person
 * @returns undefined if there is nothing
 */
export async function lackingRight(
  context: Pick<OperationContext, 'nowMs'>,
  readers: HolderReaders,
  actor: string,
  person: string,
): Promise<LackingRight | undefined> {
  const memberships = await readers.members.ofPerson(person)
  // Nobody has anything to do with a person who has left every organization.
  if (memberships.length === 0) return { organization: '', grant: undefined }
  for (const { organization, roles } of memberships) {
    const held = await lastingGrants(context, readers, organization, actor)
    if (held === undefined) return { organization, grant: undefined }
    const custom = await customRolesAmong(readers.roles, { organization, roles })
    const [grant] = lackingGrants(held, grantsOfKey({ roles, environment: null }, custom))
    if (grant !== undefined) return { organization, grant }
  }
  return undefined
}
