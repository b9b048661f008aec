import type { Title } from '@sallyport/core'
import type { PasskeyReader, PasskeyRow } from '../../store/port/people/passkeys.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { notify } from '../notices/notify.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { endWithMeans, type KnownProviders, signInMeans } from '../people/sign-in-ways.ts'
import { auditedPasskey } from './audited-passkey.ts'

/** The passkeys of the person who is signed in, oldest first. */
export async function passkeysOf(
  { store }: Pick<OperationContext, 'store'>,
  { person }: MemberActor,
): Promise<readonly PasskeyRow[]> {
  return await store.read.passkeys.ofPerson(person.id)
}

/**
 * Renames a passkey of the person who is signed in.
 *
 * @throws Problem `not_found`
 */
export async function renamePasskey(
  context: OperationContext,
  member: MemberActor,
  id: string,
  name: Title,
): Promise<PasskeyRow> {
  const { person } = member
  return await changeOwnSignIn(context, member, 'proven', async (tx) => {
    const before = await existing(tx, person.id, id)
    const after = { ...before, name }
    await tx.passkeys.update(after)
    await auditPerson(tx, context, person.id, 'passkeys.rename', {
      before: auditedPasskey(before),
      after: auditedPasskey(after),
    })
    return after
  })
}

/**
 * Removes a passkey of the person who is signed in: it no longer signs in, and the sessions end that it alone vouches for.
 *
 * @returns whether the session that acts has ended too
 * @throws Problem `not_found`, `step_up_required`; `conflict` if the person could not sign in any more
 */
export async function removePasskey(
  context: OperationContext,
  providers: KnownProviders,
  member: MemberActor,
  id: string,
): Promise<boolean> {
  const { person } = member
  const means = signInMeans('passkey', id)
  const removed = await changeOwnSignIn(context, member, 'step-up', async (tx) => {
    const before = await existing(tx, person.id, id)
    await tx.passkeys.remove(person.id, id)
    await endWithMeans(tx, providers, person.id, means)
    await auditPerson(tx, context, person.id, 'passkeys.remove', { before: auditedPasskey(before) })
    return before
  })
  notify(context, person.email, { about: 'passkey-removed', name: removed.name })
  return member.session.dependsOn === means
}

async function existing(
  { passkeys }: { readonly passkeys: PasskeyReader },
  person: string,
  id: string,
): Promise<PasskeyRow> {
  const row = await passkeys.get(person, id)
  if (row === undefined) throw notFound(`passkey "${id}"`)
  return row
}
