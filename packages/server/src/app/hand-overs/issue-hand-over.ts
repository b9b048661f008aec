import { HAND_OVERS_PER_ORGANIZATION_MAX, type HandOverHours, keyEndsAtMs } from '@sallyport/core'
import { isLoopback } from '../../address/loopback.ts'
import { encryptToken } from '../../crypto/hand-over-secret.ts'
import type { HandOverRow } from '../../store/port/keys/hand-overs.ts'
import type { KeyRow, SecretRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import { conflict } from '../refusals.ts'
import { auditedHandOver } from './audited-hand-over.ts'
import { sealEncrypted } from './sealed-token.ts'

const HOUR_MS = 3_600_000
/** The most hand-overs of one organization that are kept after their end. */
const ENDED_KEPT = 1000

/** How to hand the token of a new secret over. */
export interface HandOverTerms {
  readonly expiresInHours: HandOverHours
}

/** A new hand-over. */
export interface IssuedHandOver {
  readonly id: string
  /** Part of the link, and not stored. */
  readonly secret: string
  readonly expiresAtMs: number
}

/** A key whose new token is handed over by a link, so that it is not part of the result. */
export interface HandedOverKey {
  readonly key: KeyRow
  readonly handOver: IssuedHandOver
}

/** A key with a new secret, which is its last one, and the token of that secret. */
export interface KeyWithToken {
  readonly key: KeyRow
  readonly token: string
}

/**
 * Stores the token of a key's new secret so that only the holder of a link can read it, once. The link ends with the key
 * at the latest.
 *
 * @throws Problem `conflict` if too many are pending, or if browsers could not open the link
 */
export async function issueHandOver(
  tx: Writer,
  context: OperationContext,
  { key, token }: KeyWithToken,
  { expiresInHours }: HandOverTerms,
): Promise<HandedOverKey> {
  const { organization } = key
  const createdAtMs = context.nowMs()
  await requireHandOverPossible(tx, context, organization)
  const id = newId('hov', context.randomBytes)
  const { secret, proofDigest, ...encrypted } = encryptToken(token, id, context.randomBytes)
  const row: HandOverRow = {
    organization,
    id,
    key: key.id,
    environment: key.environment,
    secretSequence: newestSecret(key).sequence,
    state: 'pending',
    proofDigest,
    sealed: sealEncrypted(context, { organization, id }, encrypted),
    createdAtMs,
    createdBy: context.actor.id,
    expiresAtMs: Math.min(keyEndsAtMs(key), createdAtMs + expiresInHours * HOUR_MS),
    endedAtMs: null,
    openerAddress: null,
    openerUserAgent: null,
  }
  await tx.handOvers.insert(row, ENDED_KEPT)
  tx.audit(
    auditEntry(context, organization, 'hand-overs.create', `hand-over/${id}`, {
      after: auditedHandOver(row),
    }),
  )
  return { key, handOver: { id, secret, expiresAtMs: row.expiresAtMs } }
}

/**
 * Requires that a link can be made.
 *
 * @throws Problem `conflict` if too many are pending, or if browsers could not open the link
 */
export async function requireHandOverPossible(
  { handOvers }: Pick<Writer, 'handOvers'>,
  { publicUrl, nowMs }: Pick<OperationContext, 'publicUrl' | 'nowMs'>,
  organization: string,
): Promise<void> {
  requireSecureOrigin(publicUrl())
  if ((await handOvers.countPending(organization, nowMs())) >= HAND_OVERS_PER_ORGANIZATION_MAX) {
    throw conflict(
      `An organization has at most ${HAND_OVERS_PER_ORGANIZATION_MAX} pending hand-overs. Withdraw one that is no longer needed.`,
    )
  }
}

/** Browsers do not send what follows `#`, so the secret is in no log. */
export function handOverLink(publicUrl: string, { id, secret }: IssuedHandOver): string {
  return `${publicUrl}/hand-over#${id}.${secret}`
}

/** Browsers decrypt only in secure contexts (W3C Secure Contexts section 3.1): over HTTPS, or on the same machine. */
function requireSecureOrigin(publicUrl: string): void {
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol === 'https:' || isLoopback(hostname)) return
  throw conflict(
    `The page of the link needs HTTPS, and people reach this server at ${publicUrl}. The operator has to set SALLYPORT_PUBLIC_URL. Until then, ask for the token.`,
  )
}

function newestSecret({ id, secrets }: KeyRow): SecretRow {
  const newest = secrets.at(-1)
  if (newest === undefined) throw new Error(`the key ${id} has a new token and no secret`)
  return newest
}
