import type { ReturnPath } from '@sallyport/core'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { requireStepUp } from '../access/step-up.ts'
import { keepBegun, type BegunWithProvider } from './provider-ticket.ts'
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
  { person, session }: MemberActor,
  input: BeginInput,
): Promise<BegunAtProvider> {
  requireStepUp(context)
  return await begin(context, services, input, { person: person.id, session: session.id })
}

async function begin(
  context: OperationContext,
  services: ProviderServices,
  { provider, returnTo }: BeginInput,
  link: BegunWithProvider['link'],
): Promise<BegunAtProvider> {
  requireProvider(services, provider)
  const { url, kept } = await services.providers.begin(provider)
  const { value: secret } = await context.store.write(async (tx) => {
    // A person links one account at a time.
    if (link !== null) await tx.tickets.removeOfPerson(link.person, 'provider-sign-in')
    return await keepBegun(tx, context, { kept, returnTo, link })
  })
  return { url, secret }
}
