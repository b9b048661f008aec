import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { issueTicket } from '../tickets/tickets.ts'

/** The links that a person can have at a time. */
export const RESET_LINKS_PER_PERSON_MAX = 5

/** A link to set a new password. */
export interface ResetLink {
  readonly link: string
  /** The secret of the link; only its digest is stored. */
  readonly token: string
  readonly expiresAtMs: number
}

type TicketContext = Pick<OperationContext, 'nowMs' | 'randomBytes' | 'sealer' | 'publicUrl'>

/**
 * Creates a ticket to set a new password. Its secret is in the fragment of the link, which browsers send to nobody.
 *
 * @param madeBy the id of the actor who made the link and can use it; empty for a link that only the person gets
 */
export async function insertResetTicket(
  tx: Pick<Writer, 'tickets'>,
  context: TicketContext,
  { person, validMs, madeBy }: { readonly person: string; readonly validMs: number; readonly madeBy: string },
): Promise<ResetLink> {
  const { secret: token, expiresAtMs } = await issueTicket(tx, context, {
    purpose: 'password-reset',
    person,
    content: madeBy,
    lifetimeMs: validMs,
  })
  return { link: `${context.publicUrl()}/reset-password#${token}`, token, expiresAtMs }
}
