import type { ReturnPath } from '@sallyport/core'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { requireStepUp } from '../access/step-up.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { keepBegun } from './provider-ticket.ts'
import { requireProvider, type ProviderServices } from './provider-services.ts'

export interface BeginInput {
  /** The id of the provider. */
  readonly provider: string
  readonly returnTo: ReturnPath
}

export interface BegunAtProvider {
  /** Where the browser goes. */
  readonly url: string
  /** What its cookie holds until it comes back. */
  readonly secret: string
}

/**
 * Begins a sign-in with a provider.
 *
 * @throws Problem `not_found`, `unavailable` when the provider is down
 */
export async function beginProviderSignIn(
  context: OperationContext,
  services: ProviderServices,
  input: BeginInput,
): Promise<BegunAtProvider> {
  return await begin(context, services, input, null)
}

/**
 * Begins to link an account at a provider to the person who is signed in: it then signs them in.
 *
 * @throws Problem `step_up_required`, `not_found`, `unavailable` when the provider is down
 */
export async function beginProviderLink(
  context: OperationContext,
  services: ProviderServices,
  member: MemberActor,
  input: BeginInput,
): Promise<BegunAtProvider> {
  // The provider must not be asked for nothing.
  requireStepUp(context)
  return await begin(context, services, input, member)
}

async function begin(
  context: OperationContext,
  services: ProviderServices,
  { provider, returnTo }: BeginInput,
  member: MemberActor | null,
): Promise<BegunAtProvider> {
  requireProvider(services, provider)
  const { url, kept } = await services.providers.begin(provider)
  if (member === null) {
    const { value: secret } = await context.store.write(
      async (tx) => await keepBegun(tx, context, { kept, returnTo, link: null }),
    )
    return { url, secret }
  }
  const secret = await changeOwnSignIn(context, member, 'step-up', async (tx) => {
    const { person, session } = member
    // A person links one account at a time.
    await tx.tickets.removeOfPerson(person.id, 'provider-sign-in')
    const link = { person: person.id, session: session.id }
    return await keepBegun(tx, context, { kept, returnTo, link })
  })
  return { url, secret }
}
