import { randomBase62, type ReturnPath } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import { providerSignInContext } from '../../crypto/seal-contexts.ts'
import type { KeptSignIn } from '../../identity/providers/sign-in-provider.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'

/** How long a person may take at a provider. */
export const PROVIDER_SIGN_IN_MS_MAX = 10 * 60 * 1000
/** 190 random bits. */
const SECRET_CHARS = 32
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
  { nowMs, randomBytes, sealer }: Pick<OperationContext, 'nowMs' | 'randomBytes' | 'sealer'>,
  begun: BegunWithProvider,
): Promise<string> {
  const secret = randomBase62(SECRET_CHARS, randomBytes)
  const digest = digestOf(secret, begun.kept.state)
  await tx.tickets.insert({
    digest,
    purpose: PURPOSE,
    person: begun.link?.person ?? null,
    sealed: sealer.seal(JSON.stringify(begun), providerSignInContext(digest)),
    expiresAtMs: nowMs() + PROVIDER_SIGN_IN_MS_MAX,
  })
  return secret
}

/** Ends what this browser began with this `state`, and returns it if it can still be completed: once. */
export async function takeBegun(
  { store, nowMs, sealer }: Pick<OperationContext, 'store' | 'nowMs' | 'sealer'>,
  secret: string,
  state: string,
): Promise<BegunWithProvider | undefined> {
  const digest = digestOf(secret, state)
  // A made-up callback must not wait for a turn to write.
  if ((await store.read.tickets.find(digest)) === undefined) return undefined
  const { value: ticket } = await store.write((tx) => tx.tickets.take(digest, PURPOSE))
  if (ticket === undefined || nowMs() >= ticket.expiresAtMs) return undefined
  return JSON.parse(sealer.unseal(ticket.sealed, providerSignInContext(digest))) as BegunWithProvider
}

/**
 * Both are needed: the `state` alone, which is in URLs, completes nothing in another browser (RFC 9700 section 4.7), and a
 * response with another `state` does not end what the browser has begun.
 */
function digestOf(secret: string, state: string): string {
  return tokenDigest(`${secret} ${state}`)
}
