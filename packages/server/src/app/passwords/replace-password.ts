import type { PersonRow } from '../../store/port/people/people.ts'
import type { Writer } from '../../store/port/store.ts'
import { VISITOR } from '../access/actor.ts'
import type { OperationContext } from '../access/context.ts'
import { auditPerson } from '../audit/audit-person.ts'

/** A new password for a person. */
export interface PasswordReplacement {
  readonly person: PersonRow
  /** The hash, and when it was made. */
  readonly stored: Pick<PersonRow, 'passwordHash' | 'passwordChangedAtMs'>
  readonly action: 'members.change-password' | 'members.reset-password'
  /** The id of the actor who made the link with which it is replaced, if it was not mailed. */
  readonly linkMadeBy?: string
  /** The id of the session that stays; all others end. */
  readonly keptSession?: string
}

/**
 * Replaces the password of a person, who was found to be allowed to. Ends the sessions and the links to set a password,
 * which somebody else may have, and records it in each organization of the person.
 */
export async function replacePassword(
  tx: Writer,
  context: OperationContext,
  { person, stored, action, linkMadeBy, keptSession }: PasswordReplacement,
): Promise<void> {
  await tx.people.update({ ...person, ...stored })
  await tx.sessions.removeAll(person.id, keptSession)
  await tx.tickets.removeOfPerson(person.id, 'password-reset')
  const states = linkMadeBy === undefined ? {} : { after: { linkMadeBy } }
  const acting = { ...context, actor: { ...VISITOR, id: person.id } }
  await auditPerson(tx, acting, person.id, action, states)
}
