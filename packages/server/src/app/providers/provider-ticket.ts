import type { ReturnPath } from '@sallyport/core'
import type { KeptSignIn } from '../../identity/providers/sign-in-provider.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { findTicket, issueTicket, takeTicket } from '../tickets/tickets.ts'

/** How long a person may take at a provider. */
export const PROVIDER_SIGN_IN_MS_MAX = 10 * 60 * 1000
const PURPOSE = 'provider-sign-in'

/** What was begun with a provider. */
export interface BegunWithProvider {
  readonly kept: KeptSignIn
  readonly returnTo: ReturnPath
  /** Whose account the provider's is linked to, and in which session; null for a sign-in. */
  readonly link: { readonly person: string; readonly session: string } | null
}

/**
 * Keeps what was begun until it is completed.
 *
 * @returns the secret for the browser's cookie
 */
export async function keepBegun(
  tx: Pick<Writer, 'tickets'>,
  context: Pick<OperationContext, 'nowMs' | 'randomBytes' | 'sealer'>,
  begun: BegunWithProvider,
): Promise<string> {
  const { secret } = await issueTicket(tx, context, {
    purpose: PURPOSE,
    person: begun.link?.person ?? null,
    content: JSON.stringify(begun),
    lifetimeMs: PROVIDER_SIGN_IN_MS_MAX,
  })
  return secret
}

/**
 * Ends what this browser began with this `state`, and returns it if it can still be completed: once. Both are needed: the
 * `state` alone, which is in URLs, completes nothing in another browser (RFC 9700 section 4.7), and a response with another
 * `state` does not end what the browser has begun.
 */
export async function takeBegun(
  context: Pick<OperationContext, 'store' | 'nowMs' | 'sealer'>,
  secret: string,
  state: string,
): Promise<BegunWithProvider | undefined> {
  // A made-up callback must not wait for a turn to write.
  const ticket = await findTicket(context.store.read, context, secret, PURPOSE)
  if (ticket === undefined) return undefined
  const begun = JSON.parse(ticket.content) as BegunWithProvider
  if (begun.kept.state !== state) return undefined
  const { value: isTaken } = await context.store.write((tx) => takeTicket(tx, context, ticket))
  return isTaken ? begun : undefined
}
