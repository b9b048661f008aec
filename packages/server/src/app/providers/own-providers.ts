import type { ProviderLinkRow } from '../../store/port/people/provider-links.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { notify } from '../notices/notify.ts'
import { requireStepUp } from '../access/step-up.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { countSignInWays } from '../people/sign-in-ways.ts'
import { conflict } from '../refusals.ts'
import type { ProviderServices } from './provider-services.ts'

/** The accounts at providers that the person who is signed in has linked, by provider. */
export async function linkedProviders(
  { store }: Pick<OperationContext, 'store'>,
  { person }: MemberActor,
): Promise<readonly ProviderLinkRow[]> {
  return await store.read.providerLinks.ofPerson(person.id)
}

/**
 * Unlinks the account at a provider: it no longer signs the person in.
 *
 * @param provider its id; also one that the settings no longer have
 * @throws Problem `step_up_required`, `not_found`, `conflict` if it is the last way to sign in
 */
export async function unlinkProvider(
  context: OperationContext,
  { providers }: ProviderServices,
  member: MemberActor,
  provider: string,
): Promise<void> {
  await context.store.write(async (tx) => {
    requireStepUp(context)
    const { id } = member.person
    const links = await tx.providerLinks.ofPerson(id)
    const link = links.find((one) => one.provider === provider)
    if (link === undefined) throw notFound(`linked account at "${provider}"`)
    await tx.providerLinks.remove(id, provider)
    if ((await countSignInWays(tx, providers, id)) === 0) {
      throw conflict(
        'You have no other way to sign in. Set a password, add a passkey or link another provider first.',
      )
    }
    const before = { provider, email: link.email }
    await auditPerson(tx, context, id, 'providers.unlink', { before })
  })
  notify(context, member.person.email, { about: 'provider-unlinked', provider })
}
