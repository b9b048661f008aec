import { sessionEndMs, type Grant } from '@sallyport/core'
import type { SessionRow } from '../../store/port/people/sessions.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'

export interface OrganizationOfPerson {
  readonly slug: string
  readonly name: string
  readonly roles: readonly string[]
  readonly permissions: readonly Grant[]
}

/** The organizations of the person who is signed in, by slug. */
export async function organizationsOf(
  { store }: Pick<OperationContext, 'store'>,
  member: MemberActor,
): Promise<readonly OrganizationOfPerson[]> {
  const rows = await store.read.organizations.named(member.organizations)
  return rows.map(({ slug, name }) => ({
    slug,
    name,
    roles: member.rolesIn(slug),
    permissions: member.grantsIn(slug) ?? [],
  }))
}

/** The other sessions of the person who is signed in, oldest first. */
export async function otherSessions(
  { store, nowMs }: Pick<OperationContext, 'store' | 'nowMs'>,
  { person, session }: MemberActor,
): Promise<readonly SessionRow[]> {
  const atMs = nowMs()
  const sessions = await store.read.sessions.ofPerson(person.id, atMs)
  return sessions.filter((one) => one.id !== session.id && sessionEndMs(one) > atMs)
}
