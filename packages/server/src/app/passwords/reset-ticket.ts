import { randomBase62 } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'

/** 190 random bits, like the secret of an API key. */
const TOKEN_CHARS = 32
/** The links that a person can have at a time. */
export const RESET_LINKS_PER_PERSON_MAX = 5

/** A link to set a new password. */
export interface ResetLink {
  readonly link: string
  /** The secret of the link; only its digest is stored. */
  readonly token: string
  readonly expiresAtMs: number
}

type TicketContext = Pick<OperationContext, 'nowMs' | 'randomBytes' | 'publicUrl'>

/**
 * Creates a ticket to set a new password. Its secret is in the fragment of the link, which browsers send to nobody.
 *
 * @param madeBy the id of the actor who made the link and can use it; empty for a link that only the person gets
 */
export async function insertResetTicket(
  tx: Pick<Writer, 'tickets'>,
  { nowMs, randomBytes, publicUrl }: TicketContext,
  { person, validMs, madeBy }: { readonly person: string; readonly validMs: number; readonly madeBy: string },
): Promise<ResetLink> {
  const token = randomBase62(TOKEN_CHARS, randomBytes)
  const expiresAtMs = nowMs() + validMs
  await tx.tickets.insert({
    digest: tokenDigest(token),
    purpose: 'password-reset',
    person,
    // It is no secret, and does not need to be sealed.
    sealed: madeBy,
    expiresAtMs,
  })
  return { link: `${publicUrl()}/reset-password#${token}`, token, expiresAtMs }
}
