import { rotationDueMs, type HandOverHours, type RotationDays } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { RotationRow } from '../../store/port/keys/rotations.ts'
import type { Writer } from '../../store/port/store.ts'
import type { WebhookRow } from '../../store/port/webhooks/webhooks.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedKey } from '../access/permitted-key.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { requireGivable } from '../keys/roll-key.ts'
import { conflict, invalidRequest } from '../refusals.ts'
import { auditedRotation, isDelivering, rotationFacts, type RotationFacts } from './rotation-facts.ts'

export interface SetRotationInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  readonly rotateEveryDays: RotationDays
  /** The id of the webhook that receives each new token. */
  readonly webhook: string
  /** Has a link to the token sent instead of the token itself. */
  readonly handOver?: { readonly expiresInHours: HandOverHours } | undefined
}
export interface SetRotation {
  readonly rotation: RotationFacts
  readonly isNew: boolean
  readonly revision: number
}

/**
 * Has a key rolled on a schedule from now on, in the place of the actor, or changes how.
 *
 * @throws Problem `permission_missing` like a roll of the key; `invalid_request` for a webhook that does not exist, or that
 *   is not set up for `key.rotated`; `conflict` for a public or deleted key, and while a new
 *   token is being delivered
 */
export async function setRotation(context: OperationContext, input: SetRotationInput): Promise<SetRotation> {
  const { organization } = input
  const { value, revision } = await context.store.write(async (tx) => {
    const nowMs = context.nowMs()
    const key = await permittedKey(context, tx.keys, organization, input.key, 'keys.roll')
    requireSchedulable(key)
    await requireGivable(context, tx, key)
    const webhook = await requestedWebhook(tx, input)
    const before = await tx.rotations.get(organization, key.id)
    if (before !== undefined) requireNotDelivering(before, key, nowMs)
    const after: RotationRow = {
      organization,
      key: key.id,
      everyDays: input.rotateEveryDays,
      webhook: webhook.id,
      urlDigest: tokenDigest(webhook.url),
      handOverHours: input.handOver?.expiresInHours ?? null,
      updatedAtMs: nowMs,
      updatedBy: context.actor.id,
      dueAtMs: rotationDueMs(key, input.rotateEveryDays),
      failures: 0,
      problem: null,
      problemAtMs: null,
      rotatedAtMs: before?.rotatedAtMs ?? null,
      pending: null,
    }
    await (before === undefined ? tx.rotations.insert(after) : tx.rotations.replace(after))
    tx.audit(
      auditEntry(context, organization, 'keys.rotation.set', `key/${key.id}`, {
        before: before && auditedRotation(before),
        after: auditedRotation(after),
      }),
    )
    return { rotation: rotationFacts(after, key, nowMs), isNew: before === undefined }
  })
  return { ...value, revision }
}

function requireSchedulable({ deletedAtMs, type }: KeyRow): void {
  if (deletedAtMs !== null) throw conflict('The key is deleted. Create a new key instead.')
  if (type === 'public') {
    throw conflict(
      'A public key cannot roll on a schedule: its token is embedded in what you publish. Roll it when you publish again.',
    )
  }
}

/** @throws Problem `conflict` while a new token is on its way: it could reach the receiver after its end */
export function requireNotDelivering(row: RotationRow, key: KeyRow, nowMs: number): void {
  if (!isDelivering(row, key, nowMs)) return
  throw conflict(
    'A new token of the key is being delivered. Wait until it has arrived, or undo the roll first: POST …/roll/undo.',
  )
}

/**
 * Needs no permission for webhooks, which people who manage keys do not have: an id cannot be guessed, and `key.rotated` says
 * that the webhook is meant for new tokens.
 */
async function requestedWebhook(
  tx: Writer,
  { organization, webhook: id }: SetRotationInput,
): Promise<WebhookRow> {
  const webhook = await tx.webhooks.get(organization, id)
  if (webhook === undefined) {
    throw invalidRequest([{ path: '/webhook', message: `There is no webhook "${id}".` }])
  }
  if (!webhook.events.includes('key.rotated')) {
    const message = `The webhook "${id}" does not receive new tokens. Add key.rotated to its events first.`
    throw invalidRequest([{ path: '/webhook', message }])
  }
  return webhook
}
