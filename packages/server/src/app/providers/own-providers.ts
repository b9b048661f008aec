import type { ProviderLinkRow } from '../../store/port/people/provider-links.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { notify } from '../notices/notify.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { endWithMeans, signInMeans } from '../people/sign-in-ways.ts'
import type { ProviderServices } from './provider-services.ts'

/** The accounts at providers that the person who is signed in has linked, by provider. */
export async function linkedProviders(
  { store }: Pick<OperationContext, 'store'>,
  { person }: MemberActor,
): Promise<readonly ProviderLinkRow[]> {
  return await store.read.providerLinks.ofPerson(person.id)
}

/**
 * Unlinks the account at a provider: it no longer signs the person in, and the sessions end that it alone vouches for.
 *
 * @param provider its id; also one that the settings no longer have
 * @returns whether the session that acts has ended too
 * @throws Problem `step_up_required`, `not_found`, `conflict` if it is the last way to sign in
 */
export async function unlinkProvider(
  context: OperationContext,
  { providers }: ProviderServices,
  member: MemberActor,
  provider: string,
): Promise<boolean> {
  const means = signInMeans('provider', provider)
  await changeOwnSignIn(context, member, 'step-up', async (tx) => {
    const { id } = member.person
    const links = await tx.providerLinks.ofPerson(id)
    const link = links.find((one) => one.provider === provider)
    if (link === undefined) throw notFound(`linked account at "${provider}"`)
    await tx.providerLinks.remove(id, provider)
    await endWithMeans(tx, providers, id, means)
    const before = { provider, email: link.email }
    await auditPerson(tx, context, id, 'providers.unlink', { before })
  })
  notify(context, member.person.email, { about: 'provider-unlinked', provider })
  return member.session.dependsOn === means
}
