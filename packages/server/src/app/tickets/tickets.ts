import { tokenDigest } from '../../crypto/digest.ts'
import { ticketContext } from '../../crypto/seal-contexts.ts'
import type { TicketPurpose, TicketReader, TicketRow, TicketWriter } from '../../store/port/people/tickets.ts'
import type { OperationContext } from '../access/context.ts'
import { newToken } from '../new-token.ts'

/** What is begun, and completed once by the holder of the ticket. */
export interface NewTicket {
  readonly purpose: TicketPurpose
  /** The id of the person that it is for; null while that is unknown. */
  readonly person: string | null
  /** What the completion needs; stored sealed. */
  readonly content: string
  readonly lifetimeMs: number
}

/** A ticket that can be completed now. */
export interface OpenTicket {
  readonly digest: string
  readonly purpose: TicketPurpose
  readonly person: string | null
  readonly content: string
}

/** What the holder of a new ticket gets. */
export interface IssuedTicket {
  /** Only its digest is stored. */
  readonly secret: string
  readonly expiresAtMs: number
}

/** Stores a ticket. */
export async function issueTicket(
  tx: { readonly tickets: Pick<TicketWriter, 'insert'> },
  { nowMs, randomBytes, sealer }: Pick<OperationContext, 'nowMs' | 'randomBytes' | 'sealer'>,
  { purpose, person, content, lifetimeMs }: NewTicket,
): Promise<IssuedTicket> {
  const { token: secret, digest } = newToken(randomBytes)
  const sealed = sealer.seal(content, ticketContext(purpose, digest))
  const expiresAtMs = nowMs() + lifetimeMs
  await tx.tickets.insert({ digest, purpose, person, sealed, expiresAtMs })
  return { secret, expiresAtMs }
}

/** The ticket of a secret; undefined if there is none for this purpose, or it has ended. It is not taken. */
export async function findTicket(
  read: { readonly tickets: Pick<TicketReader, 'find'> },
  context: Pick<OperationContext, 'nowMs' | 'sealer'>,
  secret: string,
  purpose: TicketPurpose,
): Promise<OpenTicket | undefined> {
  const row = await read.tickets.find(tokenDigest(secret))
  return row?.purpose === purpose && context.nowMs() < row.expiresAtMs ? opened(row, context) : undefined
}

/** Takes a ticket that `findTicket` found, so that nobody else can. Returns whether it was there. */
export async function takeTicket(
  tx: { readonly tickets: Pick<TicketWriter, 'take'> },
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { digest, purpose }: Pick<OpenTicket, 'digest' | 'purpose'>,
): Promise<boolean> {
  const row = await tx.tickets.take(digest, purpose)
  return row !== undefined && nowMs() < row.expiresAtMs
}

function opened(
  { digest, purpose, person, sealed }: TicketRow,
  { sealer }: Pick<OperationContext, 'sealer'>,
): OpenTicket {
  return { digest, purpose, person, content: sealer.unseal(sealed, ticketContext(purpose, digest)) }
}
