import {
  GRACE_SECONDS_MAX,
  planRoll,
  Problem,
  ROTATION_DELIVERED_MS_MAX,
  rotationSubject,
  type HandOverHours,
  type ProblemCode,
  type RotationProblem,
} from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { PendingRotation, RotationRow } from '../../store/port/keys/rotations.ts'
import type { Writer } from '../../store/port/store.ts'
import type { Actor } from '../access/actor.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedKey } from '../access/permitted-key.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { issueHandOver, requireHandOverPossible } from '../hand-overs/issue-hand-over.ts'
import { addSecret, requireGivable } from '../keys/roll-key.ts'
import { creatorNow } from '../access/creator.ts'
import { sealDelivery } from './sealed-delivery.ts'

/** Acts in the place of the actor who set a rotation. */
export const ROTATION_ACTOR = 'rotation'

/**
 * Rolls a key by its rotation, and has the new token sent. The old secret works until the token has arrived, for
 * `GRACE_SECONDS_MAX` at most, so that no outage of the receiver or of the control plane leaves callers without a secret.
 *
 * @returns what waits for its delivery, or why the key cannot be rolled; then nothing has changed
 */
export async function startRoll(
  tx: Writer,
  context: OperationContext,
  row: RotationRow,
  key: KeyRow,
): Promise<PendingRotation | RotationProblem> {
  const problem = await obstacleOf(tx, context, row, key)
  if (problem !== undefined) return problem
  const { organization, handOverHours } = row
  const nowMs = context.nowMs()
  const { key: after, token } = await addSecret(tx, context, key, GRACE_SECONDS_MAX)
  const secretSequence = Math.max(...after.secrets.map(({ sequence }) => sequence))
  const named = { organization, key: key.id, secretSequence }
  const issued =
    handOverHours === null
      ? null
      : await issueHandOver(
          tx,
          context,
          { key: after, token },
          { expiresInHours: handOverHours as HandOverHours },
        )
  const handOver = issued?.handOver ?? null
  const pending: PendingRotation = {
    secretSequence,
    sealed: sealDelivery(context, named, handOver === null ? { token } : { handOver }),
    sinceMs: nowMs,
    untilMs: handOver?.expiresAtMs ?? nowMs + ROTATION_DELIVERED_MS_MAX,
    handOver: handOver?.id ?? null,
    subject: rotationSubject(key.id, secretSequence),
  }
  tx.audit(
    auditEntry(context, organization, 'keys.rotate', `key/${key.id}`, {
      after: {
        ...auditedKey(after),
        rotation: {
          webhook: row.webhook,
          setBy: row.updatedBy,
          secretSequence,
          handOver: handOver?.id ?? null,
        },
      },
    }),
  )
  return pending
}

/** Why a key cannot be rolled now, with the permissions that the actor has now who set the rotation. */
async function obstacleOf(
  tx: Writer,
  context: OperationContext,
  row: RotationRow,
  key: KeyRow,
): Promise<RotationProblem | undefined> {
  const { organization } = row
  if (!planRoll(key, GRACE_SECONDS_MAX, context.nowMs()).ok) return 'key_not_rollable'
  const actor = await actorInPlaceOf(tx, context, row)
  if (actor === undefined) return 'creator_gone'
  const acting = { ...context, actor }
  const refusal = await refusalOf(async () => {
    await requireGivable(acting, tx, await permittedKey(acting, tx.keys, organization, key.id, 'keys.roll'))
  })
  if (refusal !== undefined) return 'permission_missing'
  const problem = await webhookProblem(tx, row)
  if (problem !== undefined || row.handOverHours === null) return problem
  const handOver = await refusalOf(() => requireHandOverPossible(tx, context, organization))
  return handOver === undefined ? undefined : 'hand_over_refused'
}

/** The actor who set a rotation, with what it may do now; undefined if it no longer works here. */
async function actorInPlaceOf(
  tx: Writer,
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { organization, updatedBy }: RotationRow,
): Promise<Actor | undefined> {
  // Who sets a rotation with a credential that ends must not give what lasts longer: see `setRotation`.
  const setBy = { organization, createdBy: updatedBy, credentialEndsAtMs: null }
  const creator = await creatorNow(tx, setBy, nowMs())
  return (
    creator && {
      kind: 'system',
      id: ROTATION_ACTOR,
      organizations: [organization],
      bounds: creator.bounds,
      grantsIn: (slug) => (slug === organization ? creator.grants : undefined),
      rolesIn: () => [],
    }
  )
}

async function webhookProblem(
  { webhooks }: Pick<Writer, 'webhooks'>,
  { organization, webhook: id, urlDigest }: RotationRow,
): Promise<RotationProblem | undefined> {
  const webhook = await webhooks.get(organization, id)
  if (webhook === undefined) return 'webhook_removed'
  if (tokenDigest(webhook.url) !== urlDigest) return 'webhook_changed'
  if (!webhook.active) return 'webhook_inactive'
  if (!webhook.events.includes('key.rotated')) return 'webhook_not_subscribed'
  return (await webhooks.isFailing(organization, id)) ? 'webhook_failing' : undefined
}

/** The code of the problem that a check throws; undefined if it passes. */
async function refusalOf(check: () => Promise<void>): Promise<ProblemCode | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}
