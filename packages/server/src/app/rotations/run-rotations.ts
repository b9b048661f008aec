import { rotationDueMs } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { PendingRotation, RotationName, RotationRow } from '../../store/port/keys/rotations.ts'
import type { Writer } from '../../store/port/store.ts'
import type { Actor } from '../access/actor.ts'
import type { OperationContext } from '../access/context.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { nextAtMs, NO_PROBLEM, standing } from './rotation-facts.ts'
import { decidedByMs, settleRoll } from './settle-roll.ts'
import { ROTATION_ACTOR, startRoll } from './start-roll.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Rotations that are read at a time. */
const PAGE = 100
/** Pages of one call, which the end of the server waits for: some seconds. The next call goes on. */
const PAGES_MAX = 10
/** When a key that cannot be rolled is tried again, in ms. */
const RETRY_MS = HOUR_MS
/** When a rotation is looked at again that threw, in ms. */
const FAULT_MS = 60_000
/** The longest pause after rolls that had to be undone, in days. It doubles from one day. */
const UNDONE_DAYS_MAX = 8
/** How soon, and how late at most, it is checked again whether a token has arrived, in ms. */
const CHECK_MS_MIN = 15_000
const CHECK_MS_MAX = 15 * 60_000

const ACTOR: Actor = {
  kind: 'system',
  id: ROTATION_ACTOR,
  organizations: [],
  grantsIn: () => undefined,
  rolesIn: () => [],
}

/**
 * Rolls keys of all organizations that are due, and ends scheduled rolls whose outcome is known: at most 1,000 in a call. Each happens once,
 * also if several processes do this: writers run one at a time, and each reads the rotation again.
 *
 * @param context its actor does not matter
 * @param onFault told what a rotation threw; the others go on
 */
export async function runRotations(
  context: Omit<OperationContext, 'actor'>,
  onFault: (cause: unknown, rotation: RotationName) => void,
): Promise<void> {
  const acting: OperationContext = { ...context, actor: ACTOR }
  const seen = new Set<string>()
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { value: due } = await context.store.write((tx) => tx.rotations.due(context.nowMs(), PAGE))
    const fresh = due.filter(({ organization, key }) => !seen.has(`${organization} ${key}`))
    for (const name of fresh) {
      seen.add(`${name.organization} ${name.key}`)
      try {
        await runRotation(acting, name)
      } catch (cause) {
        onFault(cause, name)
        await postpone(acting, name)
      }
    }
    if (fresh.length === 0 || due.length < PAGE) return
  }
}

async function runRotation(
  context: OperationContext,
  { organization, key: id }: RotationName,
): Promise<void> {
  await context.store.write(async (tx) => {
    const row = await tx.rotations.get(organization, id)
    const key = await tx.keys.get(organization, id)
    const nowMs = context.nowMs()
    if (row === undefined || key === undefined || row.dueAtMs > nowMs) return
    if (row.pending !== null) await settle(tx, context, row, row.pending, key)
    else if (nextAtMs(row, key) > nowMs) await tx.rotations.postpone(row, nextAtMs(row, key))
    else await start(tx, context, row, key)
  })
}

/**
 * Ends the scheduled rolls whose tokens a webhook has accepted, before its deliveries, which say so, are removed with it.
 *
 * @param webhook its id
 */
export async function settleRollsOf(
  tx: Writer,
  context: OperationContext,
  organization: string,
  webhook: string,
): Promise<void> {
  for (const { key: id } of await tx.rotations.delivering(organization, webhook)) {
    const row = await tx.rotations.get(organization, id)
    const key = await tx.keys.get(organization, id)
    if (row === undefined || key === undefined || row.pending === null) continue
    await settle(tx, { ...context, actor: ACTOR }, row, row.pending, key)
  }
}

/** Has others take the turn of a rotation that threw. */
async function postpone(context: OperationContext, name: RotationName): Promise<void> {
  await context.store.write((tx) => tx.rotations.postpone(name, context.nowMs() + FAULT_MS))
}

async function start(tx: Writer, context: OperationContext, row: RotationRow, key: KeyRow): Promise<void> {
  const nowMs = context.nowMs()
  const before = standing(row, key)
  const started = await startRoll(tx, context, row, key)
  if (typeof started !== 'string') {
    const { failures } = before
    const dueAtMs = nowMs + CHECK_MS_MIN
    await tx.rotations.replace({ ...row, ...NO_PROBLEM, failures, pending: started, dueAtMs })
  } else if (started === before.problem) await tx.rotations.postpone(row, nowMs + RETRY_MS)
  else await fail(tx, context, { ...row, ...before, problem: started, dueAtMs: nowMs + RETRY_MS }, key)
}

async function settle(
  tx: Writer,
  context: OperationContext,
  row: RotationRow,
  pending: PendingRotation,
  key: KeyRow,
): Promise<void> {
  const nowMs = context.nowMs()
  const outcome = await settleRoll(tx, context, row, pending, key)
  if (outcome === 'waiting') {
    const pauseMs = Math.min(Math.max(CHECK_MS_MIN, (nowMs - pending.sinceMs) / 4), CHECK_MS_MAX)
    await tx.rotations.postpone(row, Math.min(Math.round(nowMs + pauseMs), decidedByMs(pending)))
    return
  }
  const settled = { ...row, ...NO_PROBLEM, pending: null }
  if (outcome === 'lost') {
    const pauseMs = Math.min(2 ** row.failures, UNDONE_DAYS_MAX) * DAY_MS
    const failures = row.failures + 1
    await fail(tx, context, { ...settled, problem: 'not_delivered', failures, dueAtMs: nowMs + pauseMs }, key)
    return
  }
  const rotatedAtMs = outcome === 'arrived' ? nowMs : row.rotatedAtMs
  const dueAtMs = rotationDueMs(key, row.everyDays)
  await tx.rotations.replace({ ...settled, failures: 0, rotatedAtMs, dueAtMs })
}

/** Notes a problem that began now, and records it, which is an event too. */
async function fail(tx: Writer, context: OperationContext, row: RotationRow, key: KeyRow): Promise<void> {
  const { problem, webhook, failures, dueAtMs } = row
  await tx.rotations.replace({ ...row, problemAtMs: context.nowMs() })
  tx.audit(
    auditEntry(context, row.organization, 'keys.rotation.fail', `key/${key.id}`, {
      after: { ...auditedKey(key), rotation: { webhook, problem, failures, nextAtMs: dueAtMs } },
    }),
  )
}
