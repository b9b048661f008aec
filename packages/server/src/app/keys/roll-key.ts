import {
  GRACE_SECONDS_DEFAULT,
  GRACE_SECONDS_MAX,
  liveSecrets,
  makeToken,
  planFinish,
  planRoll,
  planUndo,
  Problem,
  tokenHint,
  type RollPlan,
  type RollRefusal,
} from '@sallyport/core'
import type { KeyRow, SecretRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedKey } from '../access/permitted-key.ts'
import { invalidRequest } from '../refusals.ts'
import { requireCovered } from '../access/roles.ts'

export interface RollKeyInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  /** How long the old secret goes on, in seconds; 12 hours unless given. */
  readonly graceSeconds?: number | undefined
}
export interface RolledKey {
  readonly key: KeyRow
  /** The new secret's token, shown this once unless the key is public. */
  readonly token: string
}

/**
 * Makes a new secret for a key; the old one goes on for the grace.
 *
 * @throws Problem `roll_pending` while two secrets live, `key_not_rollable` for a key that is not active,
 *   `permission_missing` also for a key that permits what the actor lacks: the token would give it to them
 */
export async function rollKey(context: OperationContext, input: RollKeyInput): Promise<RolledKey> {
  const { organization, graceSeconds = GRACE_SECONDS_DEFAULT } = input
  const { value } = await context.store.write(async (tx) => {
    const before = await permittedKey(context, tx.keys, organization, input.key, 'keys.roll')
    requireCovered(context, before)
    if (!Number.isInteger(graceSeconds) || graceSeconds < 0 || graceSeconds > GRACE_SECONDS_MAX) {
      const message = `A grace is 0 to ${GRACE_SECONDS_MAX} seconds.`
      throw invalidRequest([{ path: '/graceSeconds', message }])
    }
    const nowMs = context.nowMs()
    const plan = planRoll(before, graceSeconds, nowMs)
    if (!plan.ok) throw refused(plan)
    const token = makeToken(before.type, before.id, context.randomBytes)
    const secret: SecretRow = {
      sequence: plan.newSequence,
      digest: tokenDigest(token),
      hint: tokenHint(token),
      createdAtMs: nowMs,
      expiresAtMs: null,
      requests: 0,
      lastUsedAtMs: null,
      lastUsedAddress: null,
    }
    const after: KeyRow = {
      ...before,
      publicTokens: before.type === 'public' ? [...liveTokens(before, plan.secrets, nowMs), token] : [],
      secrets: [...plan.secrets, secret],
    }
    await keepSecrets(tx, after)
    tx.audit(
      auditEntry(context, organization, 'keys.roll', `key/${before.id}`, {
        before: auditedKey(before),
        after: auditedKey(after),
      }),
    )
    return { key: after, token }
  })
  return value
}

export interface EndRollInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  /** `finish` ends the old secret now, `undo` the new one. */
  readonly by: 'finish' | 'undo'
}
export interface EndedRoll {
  readonly key: KeyRow
  readonly revision: number
}

/**
 * Ends a pending roll, one way or the other.
 *
 * @throws Problem `conflict` where no roll is pending
 */
export async function endRoll(context: OperationContext, input: EndRollInput): Promise<EndedRoll> {
  const { organization, by } = input
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedKey(context, tx.keys, organization, input.key, 'keys.roll')
    const nowMs = context.nowMs()
    const plan: RollPlan<SecretRow> | RollRefusal =
      by === 'finish' ? planFinish(before, nowMs) : planUndo(before, nowMs)
    if (!plan.ok) throw refused(plan)
    const after: KeyRow = {
      ...before,
      secrets: plan.secrets,
      publicTokens: liveTokens(before, plan.secrets, nowMs),
    }
    await keepSecrets(tx, after)
    tx.audit(
      auditEntry(context, organization, `keys.roll.${by}`, `key/${before.id}`, {
        before: auditedKey(before),
        after: auditedKey(after),
      }),
    )
    return after
  })
  return { key: value, revision }
}

/** Those of a public key's tokens whose secrets still live after a change. */
function liveTokens(key: KeyRow, secrets: readonly SecretRow[], nowMs: number): readonly string[] {
  const digests = new Set(liveSecrets({ secrets }, nowMs).map(({ digest }) => digest))
  return key.publicTokens.filter((token) => digests.has(tokenDigest(token)))
}

async function keepSecrets(tx: Writer, key: KeyRow): Promise<void> {
  await tx.keys.replaceSecrets(key.organization, key.id, key.secrets)
  if (key.type === 'public') await tx.keys.update(key)
}

function refused({ code, detail }: RollRefusal): Problem {
  return new Problem(code, { detail })
}
