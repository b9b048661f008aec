import { MEMBERS_PER_ORGANIZATION_MAX } from '@sallyport/core'
import type { NamedMemberRow } from '../../store/port/people/members.ts'
import type { Reader } from '../../store/port/store.ts'
import { OWNER } from '../access/last-owner.ts'

/** The members who own an organization. */
export async function ownersOf(
  { members }: Pick<Reader, 'members'>,
  organization: string,
): Promise<readonly NamedMemberRow[]> {
  const { items } = await members.list(organization, { limit: MEMBERS_PER_ORGANIZATION_MAX })
  return items.filter(({ roles }) => roles.includes(OWNER))
}
