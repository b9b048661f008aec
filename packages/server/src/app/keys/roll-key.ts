import {
  GRACE_SECONDS_DEFAULT,
  liveSecrets,
  makeToken,
  planFinish,
  planRoll,
  planUndo,
  Problem,
  tokenHint,
  type GraceSeconds,
  type RollPlan,
  type RollRefusal,
} from '@sallyport/core'
import type { KeyRow, SecretRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { alignHandOvers } from '../hand-overs/follow-key.ts'
import {
  issueHandOver,
  type HandedOverKey,
  type HandOverTerms,
  type KeyWithToken,
} from '../hand-overs/issue-hand-over.ts'
import { findPermitted, type FindKey } from '../access/permitted-key.ts'
import { customRolesAmong, requireCovered, requireWithinBounds } from '../access/roles.ts'
import { conflict, requireNone } from '../refusals.ts'
import { handOverErrors } from './create-key.ts'
import { reportMovedEnd } from './report-deadlines.ts'

export interface RollKeyInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  /** How long the old secret still works. Default: 12 hours. */
  readonly graceSeconds?: GraceSeconds | undefined
}

/**
 * Creates a new secret for a key; the old one still works during the grace period.
 *
 * @throws Problem `roll_pending` while two secrets live, `key_not_rollable` for a key that is not active,
 *   `permission_missing` also for a key with permissions or bounds that the actor lacks, because the actor receives the
 *   token
 * @param find finds the key, if the actor may roll it
 */
export async function rollKey(
  context: OperationContext,
  input: RollKeyInput,
  find: FindKey = findPermitted('keys.roll'),
): Promise<KeyWithToken> {
  return await roll(context, input, find, async (_tx, rolled) => await Promise.resolve(rolled))
}

/**
 * Rolls a key like `rollKey`, and makes a link that shows the new token once. The grace begins now, and not when the link is
 * opened.
 *
 * @throws Problem also `conflict` if too many links are pending, and `invalid_request` for a public key
 */
export async function rollKeyToHandOver(
  context: OperationContext,
  { handOver, ...input }: RollKeyInput & { readonly handOver: HandOverTerms },
): Promise<HandedOverKey> {
  return await roll(context, input, findPermitted('keys.roll'), async (tx, rolled) => {
    requireNone(handOverErrors(rolled.key.type))
    return await issueHandOver(tx, context, rolled, handOver)
  })
}

async function roll<Result>(
  context: OperationContext,
  input: RollKeyInput,
  find: FindKey,
  deliver: (tx: Writer, rolled: KeyWithToken) => Promise<Result>,
): Promise<Result> {
  const { organization, graceSeconds = GRACE_SECONDS_DEFAULT } = input
  const { value } = await context.store.write(async (tx) => {
    const before = await find(context, tx.keys, organization, input.key)
    // A key has what it has: its own new secret gives it nothing more.
    if (before.id !== context.actor.id) await requireGivable(context, tx, before)
    return await deliver(tx, await addSecret(tx, context, before, graceSeconds))
  })
  return value
}

/**
 * Rolls a key in a transaction of the caller, who has checked that the actor may roll it.
 *
 * @throws Problem `roll_pending`, `key_not_rollable`
 */
export async function addSecret(
  tx: Writer,
  context: OperationContext,
  before: KeyRow,
  graceSeconds: number,
): Promise<KeyWithToken> {
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
  await saveSecrets(tx, context, after)
  const [old] = liveSecrets(before, nowMs)
  const oldSecretExpiresAtMs =
    after.secrets.find(({ sequence }) => sequence === old?.sequence)?.expiresAtMs ?? nowMs
  tx.audit(
    auditEntry(context, before.organization, 'keys.roll', `key/${before.id}`, {
      before: auditedKey(before),
      after: { ...auditedKey(after), oldSecretExpiresAtMs },
    }),
  )
  reportMovedEnd(tx, before, after, nowMs)
  return { key: after, token }
}

export interface EndRollInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
  /** `finish` ends the old secret now, `undo` ends the new one. */
  readonly by: 'finish' | 'undo'
}
export interface EndedRoll {
  readonly key: KeyRow
  readonly revision: number
}

/**
 * Ends a pending roll.
 *
 * @throws Problem `conflict` if no roll is pending, and for a finish with the secret that it would end;
 *   `permission_missing` for the undo by an actor that may not roll the key
 * @param find finds the key, if the actor may roll it
 */
export async function endRoll(
  context: OperationContext,
  input: EndRollInput,
  find: FindKey = findPermitted('keys.roll'),
): Promise<EndedRoll> {
  const { organization, by } = input
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await find(context, tx.keys, organization, input.key)
    // An undo revives the old secret, which the roll may have ended because it leaked.
    if (by === 'undo') await requireGivable(context, tx, before)
    // A key whose new token was lost must not end its last one.
    else if (before.id === context.actor.id && context.actor.usesOldSecret === true)
      throw finishedWithOldSecret()
    return await removeSecret(tx, context, before, by)
  })
  return { key: value, revision }
}

/**
 * Ends a pending roll in a transaction of the caller, who has checked that the actor may end it.
 *
 * @returns the key afterwards
 * @throws Problem `conflict` if no roll is pending
 */
export async function removeSecret(
  tx: Writer,
  context: OperationContext,
  before: KeyRow,
  by: EndRollInput['by'],
): Promise<KeyRow> {
  const nowMs = context.nowMs()
  const plan: RollPlan<SecretRow> | RollRefusal =
    by === 'finish' ? planFinish(before, nowMs) : planUndo(before, nowMs)
  if (!plan.ok) throw refused(plan)
  const after: KeyRow = {
    ...before,
    secrets: plan.secrets,
    publicTokens: liveTokens(before, plan.secrets, nowMs),
  }
  await saveSecrets(tx, context, after)
  tx.audit(
    auditEntry(context, before.organization, `keys.roll.${by}`, `key/${before.id}`, {
      before: auditedKey(before),
      after: auditedKey(after),
    }),
  )
  reportMovedEnd(tx, before, after, nowMs)
  return after
}

/** Requires that the actor could have created the key, because it gives one of the key's secrets a longer life. */
export async function requireGivable(context: OperationContext, tx: Writer, key: KeyRow): Promise<void> {
  requireCovered(context, key, await customRolesAmong(tx.roles, key))
  requireWithinBounds(context, 'keys.roll', key)
}

/** The tokens of a public key whose secrets are still live after a change. */
function liveTokens(key: KeyRow, secrets: readonly SecretRow[], nowMs: number): readonly string[] {
  const digests = new Set(liveSecrets({ ...key, secrets }, nowMs).map(({ digest }) => digest))
  return key.publicTokens.filter((token) => digests.has(tokenDigest(token)))
}

/** Replaces the secrets of a key, and ends what depends on those that have ended. */
export async function saveSecrets(tx: Writer, context: OperationContext, key: KeyRow): Promise<void> {
  await tx.keys.replaceSecrets(key.organization, key.id, key.secrets)
  if (key.type === 'public') await tx.keys.update(key)
  await alignHandOvers(tx, context, key)
}

function finishedWithOldSecret(): Problem {
  return conflict(
    'You use the old secret of the key, which the finish ends. Send this request with the new token, so that you know that you have it.',
  )
}

function refused({ code, detail }: RollRefusal): Problem {
  return new Problem(code, { detail })
}
