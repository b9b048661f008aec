import type { Title } from '@sallyport/core'
import type { PasskeyReader, PasskeyRow } from '../../store/port/people/passkeys.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { requireStepUp } from '../access/step-up.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { notify } from '../notices/notify.ts'
import { countSignInWays, type KnownProviders } from '../people/sign-in-ways.ts'
import { conflict } from '../refusals.ts'
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
  { person }: MemberActor,
  id: string,
  name: Title,
): Promise<PasskeyRow> {
  const { value } = await context.store.write(async (tx) => {
    const before = await existing(tx, person.id, id)
    const after = { ...before, name }
    await tx.passkeys.update(after)
    await auditPerson(tx, context, person.id, 'passkeys.rename', {
      before: auditedPasskey(before),
      after: auditedPasskey(after),
    })
    return after
  })
  return value
}

/**
 * Removes a passkey of the person who is signed in: it no longer signs in.
 *
 * @throws Problem `not_found`, `step_up_required`; `conflict` if the person could not sign in any more
 */
export async function removePasskey(
  context: OperationContext,
  providers: KnownProviders,
  { person }: MemberActor,
  id: string,
): Promise<void> {
  const { value } = await context.store.write(async (tx) => {
    const before = await existing(tx, person.id, id)
    requireStepUp(context)
    if ((await countSignInWays(tx, providers, person.id)) === 1) {
      throw conflict(
        'You could not sign in without this passkey. Set a password or add another passkey first.',
      )
    }
    await tx.passkeys.remove(person.id, id)
    await auditPerson(tx, context, person.id, 'passkeys.remove', { before: auditedPasskey(before) })
    return before
  })
  notify(context, person.email, { about: 'passkey-removed', name: value.name })
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
