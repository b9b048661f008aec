import type { PersonRow } from '../../store/port/people/people.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'

/**
 * Records that a person reads the mails to their address. If nobody knew that, somebody else may have made the account:
 * everything that they could still get in with is removed, apart from the password, which the caller replaces.
 *
 * @returns the person, with the time
 */
export async function claimAccount(
  tx: Pick<Writer, 'passkeys' | 'secondFactors' | 'providerLinks'>,
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  person: PersonRow,
): Promise<PersonRow> {
  if (person.emailProvenAtMs !== null) return person
  for (const { id } of await tx.passkeys.ofPerson(person.id)) await tx.passkeys.remove(person.id, id)
  for (const { provider } of await tx.providerLinks.ofPerson(person.id)) {
    await tx.providerLinks.remove(person.id, provider)
  }
  await tx.secondFactors.removeAll(person.id)
  return { ...person, emailProvenAtMs: nowMs() }
}
