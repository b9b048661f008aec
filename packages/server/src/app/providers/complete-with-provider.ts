import { HOME_PATH, Problem, type ReturnPath } from '@sallyport/core'
import type { ProviderAccount } from '../../identity/providers/sign-in-provider.ts'
import { authenticateSession, type MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { hasSecondFactor } from '../access/second-factor.ts'
import type { Writer } from '../../store/port/store.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { signInMeans } from '../people/sign-in-ways.ts'
import { notify } from '../notices/notify.ts'
import { openSession, type Client, type OpenedSession } from '../sessions/open-session.ts'
import { linkAccount } from './link-account.ts'
import { takeBegun, type BegunWithProvider } from './provider-ticket.ts'
import { requireProvider, type ProviderServices } from './provider-services.ts'
import { signUp } from './sign-up.ts'

/** Why nothing came of it, in words that are safe in a URL. */
export type ProviderRefusal =
  | 'sign_in_failed'
  | 'account_not_linked'
  | 'link_failed'
  | 'provider_unavailable'
  | 'second_factor_required'

export interface CompleteInput {
  /** The id of the provider whose callback was called. */
  readonly provider: string
  /** The query of the callback, from the "?" on. */
  readonly query: string
  /** Of the browser's cookie; undefined for none. */
  readonly secret: string | undefined
  /** Of the browser's session; undefined for none. */
  readonly sessionToken: string | undefined
  readonly client: Client
}

export interface CompletedWithProvider {
  readonly returnTo: ReturnPath
  /** The new session, and whether it still lacks the second factor; null if there is none. */
  readonly opened: (OpenedSession & Pick<MemberActor, 'person' | 'isPending'>) | null
  readonly refusal: ProviderRefusal | null
  /** Why it was refused, for the log. */
  readonly reason: string | null
  /** Whether the browser's cookie has no further use. */
  readonly isOver: boolean
}

type Outcome = Pick<CompletedWithProvider, 'opened' | 'refusal' | 'reason'>

/**
 * Completes what a browser began with a provider: a sign-in with the account that is linked, or the link. An address alone
 * never leads to an account, verified or not: whoever controls a provider could otherwise take over every account.
 *
 * The ticket is taken in a transaction of its own, before the provider is asked: of two requests with the same response,
 * which a browser may send, one completes.
 *
 * @throws Problem `not_found` if there is no such provider
 */
export async function completeWithProvider(
  context: OperationContext,
  services: ProviderServices,
  input: CompleteInput,
): Promise<CompletedWithProvider> {
  requireProvider(services, input.provider)
  const { query, secret } = input
  const state = new URLSearchParams(query).get('state') ?? ''
  const begun = secret === undefined ? undefined : await takeBegun(context, secret, state)
  if (begun === undefined) {
    return {
      ...refused('sign_in_failed', 'this browser began no such sign-in'),
      returnTo: HOME_PATH,
      isOver: false,
    }
  }
  const { kept, returnTo, link } = begun
  const answer = await answerOf(services, input, kept)
  if (answer.account === null) return { ...answer.outcome, returnTo, isOver: true }
  const outcome =
    link === null
      ? await signIn(context, services, input, answer.account)
      : await linkTo(context, input, link, answer.account)
  return { ...outcome, returnTo, isOver: true }
}

/** What the provider says, or why that is of no use. */
async function answerOf(
  { providers }: ProviderServices,
  { provider, query }: CompleteInput,
  kept: BegunWithProvider['kept'],
): Promise<{ readonly account: ProviderAccount } | { readonly account: null; readonly outcome: Outcome }> {
  try {
    const completed = await providers.complete(provider, query, kept)
    if (completed.ok) return { account: completed.account }
    return { account: null, outcome: refused('sign_in_failed', completed.reason) }
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'unavailable')) throw error
    const { cause } = error
    const reason = cause instanceof Error ? cause.message : error.message
    return { account: null, outcome: refused('provider_unavailable', reason) }
  }
}

async function signIn(
  context: OperationContext,
  services: ProviderServices,
  { provider, client }: CompleteInput,
  account: ProviderAccount,
): Promise<Outcome> {
  const { value: opened } = await context.store.write(async (tx) => {
    const linked = await tx.providerLinks.bySubject(provider, account.subject)
    const person = linked?.person ?? (await signUp(tx, context, services, { provider, account }))
    if (person === undefined) return null
    // A provider may let a browser through without asking anybody. Who can confirm in another way has to.
    const isConfirmed = !(await canConfirm(tx, person))
    const dependsOn = signInMeans('provider', provider)
    const signedIn = { person, method: 'provider', dependsOn, hasSecondFactor: false, isConfirmed } as const
    return await openSession(tx, context, signedIn, client)
  })
  if (opened === null) return refused('account_not_linked', 'the account is linked to nobody')
  // The check of every request decides whether the session lets its person in.
  const { person, isPending } = await authenticateSession(context, {
    token: opened.token,
    admitsPending: true,
  })
  return {
    opened: { ...opened, person, isPending },
    refusal: isPending ? 'second_factor_required' : null,
    reason: null,
  }
}

/** Whether a person has something to confirm with: a password, a passkey or an authenticator app. */
async function canConfirm(tx: Writer, id: string): Promise<boolean> {
  const person = await tx.people.get(id)
  if (person !== undefined && person.passwordHash !== null) return true
  return (await tx.passkeys.ofPerson(id)).length > 0 || (await hasSecondFactor(tx, id))
}

async function linkTo(
  context: OperationContext,
  { provider, sessionToken }: CompleteInput,
  link: NonNullable<BegunWithProvider['link']>,
  account: ProviderAccount,
): Promise<Outcome> {
  const linking = async (): Promise<string | null> => {
    const member =
      sessionToken === undefined ? undefined : await authenticateSession(context, { token: sessionToken })
    if (member?.session.id !== link.session) return 'the link was begun in another session'
    // The begin needed a step-up.
    const reason = await changeOwnSignIn(
      context,
      member,
      'begun',
      async (tx) =>
        await linkAccount(tx, { ...context, actor: member }, { provider, account, person: link.person }),
    )
    if (reason === null) notify(context, member.person.email, { about: 'provider-linked', provider })
    return reason
  }
  const reason = await linking().catch((error: unknown) => {
    // The session has ended, or lacks the second factor.
    if (error instanceof Problem && error.status === 401) return error.message
    throw error
  })
  return reason === null ? { opened: null, refusal: null, reason } : refused('link_failed', reason)
}

function refused(refusal: ProviderRefusal, reason: string): Outcome {
  return { opened: null, refusal, reason }
}
