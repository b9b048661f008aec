import { Problem } from '@sallyport/core'
import { digestsEqual, tokenDigest } from '../../crypto/digest.ts'
import type { HandOverReader, HandOverRow } from '../../store/port/keys/hand-overs.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'
import { USER_AGENT_CHARS_MAX, type Client } from '../sessions/open-session.ts'
import { auditedHandOver } from './audited-hand-over.ts'
import { creatorNotice, notifyCreator } from './creator-notice.ts'
import { handOverState } from './reading.ts'
import { unsealEncrypted, type EncryptedForPage } from './sealed-token.ts'

export interface OpenHandOverInput {
  /** A hand-over's id. */
  readonly id: string
  /** Derived from the secret of the link; shows that the caller can decrypt the token. */
  readonly proof: string
  readonly client: Client
}

export interface OpenedHandOver {
  readonly organization: Pick<OrganizationRow, 'slug' | 'name'>
  readonly key: KeyRow
  readonly encrypted: EncryptedForPage
}

/** No digest is equal to this one, so that an unknown id takes the way of a wrong proof. */
const NO_DIGEST = '-'.repeat(64)

/**
 * Opens a hand-over, once: the caller gets the encrypted token, which is deleted here. The proof is compared before
 * anything else, so that a wrong one ends nothing and learns nothing.
 *
 * @throws Problem `link_invalid` for an unknown id or a wrong proof, both alike; with `state` and `endedAt` for a hand-over
 *   that has ended. `conflict` while the key or its consumer is switched off; the hand-over stays pending
 */
export async function openHandOver(
  context: OperationContext,
  { id, proof, client }: OpenHandOverInput,
): Promise<OpenedHandOver> {
  const digest = tokenDigest(proof)
  // Before the transaction too: strangers must not keep the writers of the database waiting.
  await requireProof(context.store.read.handOvers, id, digest)
  const { value } = await context.store.write(async (tx) => {
    const before = await requireProof(tx.handOvers, id, digest)
    const { organization: slug, sealed } = before
    const nowMs = context.nowMs()
    const state = handOverState(before, nowMs)
    if (state !== 'pending' || sealed === null) throw ended(before, nowMs)
    const key = await tx.keys.get(slug, before.key)
    const organization = await tx.organizations.get(slug)
    if (key === undefined || organization === undefined) throw new Error(`the hand-over ${id} has no key`)
    await requireSwitchedOn(tx, key)
    const address = client.address ?? null
    const userAgent = client.userAgent?.slice(0, USER_AGENT_CHARS_MAX) ?? null
    const end = {
      state: 'opened',
      endedAtMs: nowMs,
      openerAddress: address,
      openerUserAgent: userAgent,
    } as const
    await tx.handOvers.end(slug, id, end)
    tx.audit(
      auditEntry(context, slug, 'hand-overs.open', `hand-over/${id}`, {
        before: auditedHandOver(before),
        after: auditedHandOver({ ...before, ...end }),
      }),
    )
    const told = await creatorNotice(tx, context, before, { about: 'hand-over-opened', address, userAgent })
    return { opened: { organization, key, encrypted: unsealEncrypted(context, before, sealed) }, told }
  })
  notifyCreator(context, value.told)
  return value.opened
}

async function requireProof(
  handOvers: Pick<HandOverReader, 'find'>,
  id: string,
  digest: string,
): Promise<HandOverRow> {
  const row = await handOvers.find(id)
  if (digestsEqual(row?.proofDigest ?? NO_DIGEST, digest) && row !== undefined) return row
  throw new Problem('link_invalid', {
    detail: 'There is no such link. Check that you have all of it, or ask for a new one.',
  })
}

/** What the holder of the link of a hand-over that has ended is told. */
function ended(row: HandOverRow, nowMs: number): Problem {
  const state = handOverState(row, nowMs)
  const endedAt = new Date(row.endedAtMs ?? row.expiresAtMs).toISOString()
  const happened = state === 'opened' ? 'was opened' : state === 'expired' ? 'expired' : 'was withdrawn'
  return new Problem('link_invalid', {
    detail: `The link ${happened} at ${endedAt}. Ask the person who sent it for a new one.`,
    extensions: { state, endedAt },
  })
}

/** A token that gateways reject would look broken, so the link waits until the key works. */
async function requireSwitchedOn(
  { consumers }: Pick<Reader, 'consumers'>,
  { organization, consumer: id, active }: KeyRow,
): Promise<void> {
  const consumer = id === null ? undefined : await consumers.get(organization, id)
  if (active && consumer?.active !== false) return
  throw conflict(
    'The key is switched off. The link still works: ask the person who sent it to switch the key on, then try again.',
  )
}
