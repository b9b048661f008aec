import { MEMBERS_PER_ORGANIZATION_MAX, ORGANIZATIONS_PER_PERSON_MAX } from '@sallyport/core'
import type { MemberRow } from '../../store/port/people/members.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'

/** A person who becomes a member. */
export interface JoiningPerson {
  readonly organization: string
  readonly person: PersonRow
  readonly roles: readonly string[]
}

/**
 * Makes a person a member of an organization, and records it there.
 *
 * @throws Problem `conflict` if the person is a member already, or there are too many
 */
export async function insertMember(
  tx: Writer,
  context: OperationContext,
  { organization, person, roles }: JoiningPerson,
): Promise<MemberRow> {
  if ((await tx.members.countOfOrganization(organization)) >= MEMBERS_PER_ORGANIZATION_MAX) {
    throw conflict(`An organization has at most ${MEMBERS_PER_ORGANIZATION_MAX} members. Remove one first.`)
  }
  if ((await tx.members.ofPerson(person.id)).length >= ORGANIZATIONS_PER_PERSON_MAX) {
    throw conflict(
      `A person is a member of at most ${ORGANIZATIONS_PER_PERSON_MAX} organizations. Leave one of them first.`,
    )
  }
  const row: MemberRow = {
    organization,
    id: person.id,
    roles,
    createdAtMs: context.nowMs(),
    createdBy: context.actor.id,
  }
  await tx.members.insert(row)
  tx.audit(
    auditEntry(context, organization, 'members.add', `member/${person.id}`, {
      after: { id: person.id, email: person.email, name: person.name, roles },
    }),
  )
  return row
}
