import type { RotationProblem } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { RotationName, RotationRow } from '../../store/port/keys/rotations.ts'
import type { Writer } from '../../store/port/store.ts'
import type { Actor } from '../access/actor.ts'
import type { OperationContext } from '../access/context.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { nextAtMs } from './rotation-facts.ts'
import { decidedByMs, settleRoll } from './settle-roll.ts'
import { ROTATION_ACTOR, startRoll } from './start-roll.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Rotations that are read at a time. */
const PAGE = 100
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
 * Rolls the keys of all organizations that are due, and ends the scheduled rolls whose outcome is known. Each happens once,
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
  for (;;) {
    const due = await context.store.read.rotations.due(context.nowMs(), PAGE)
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

async function runRotation(context: OperationContext, { organization, key: id }: RotationName): Promise<void> {
  await context.store.write(async (tx) => {
    const row = await tx.rotations.get(organization, id)
    const key = await tx.keys.get(organization, id)
    if (row === undefined || key === undefined || row.dueAtMs > context.nowMs()) return
    await tx.rotations.put(await (row.pending === null ? next(tx, context, row, key) : settled(tx, context, row, key)))
  })
}

/** Has others take the turn of a rotation that threw. */
async function postpone(context: OperationContext, { organization, key }: RotationName): Promise<void> {
  await context.store.write(async (tx) => {
    const row = await tx.rotations.get(organization, key)
    if (row !== undefined) await tx.rotations.put({ ...row, dueAtMs: context.nowMs() + FAULT_MS })
  })
}

/** The rotation after a look at its key, which is rolled if it is time. */
async function next(
  tx: Writer,
  context: OperationContext,
  row: RotationRow,
  key: KeyRow,
): Promise<RotationRow> {
  const nowMs = context.nowMs()
  const dueAtMs = nextAtMs(row, key)
  // A roll by hand has started the schedule again.
  if (dueAtMs > nowMs) return { ...row, ...NO_PROBLEM, failures: 0, dueAtMs }
  const started = await startRoll(tx, context, row, key)
  if (typeof started === 'string') {
    const problemAtMs = row.problem === started ? row.problemAtMs : nowMs
    const after = { ...row, problem: started, problemAtMs, dueAtMs: nowMs + RETRY_MS }
    if (row.problem !== started) report(tx, context, after, key)
    return after
  }
  return { ...row, ...NO_PROBLEM, pending: started, dueAtMs: nowMs + CHECK_MS_MIN }
}

/** The rotation after a look at the roll that waits for its delivery. */
async function settled(
  tx: Writer,
  context: OperationContext,
  row: RotationRow,
  key: KeyRow,
): Promise<RotationRow> {
  const nowMs = context.nowMs()
  const { pending } = row
  if (pending === null) return row
  const outcome = await settleRoll(tx, context, row, pending, key)
  switch (outcome) {
    case 'waiting': {
      const pauseMs = Math.min(Math.max(CHECK_MS_MIN, (nowMs - pending.sinceMs) / 4), CHECK_MS_MAX)
      return { ...row, dueAtMs: Math.min(Math.round(nowMs + pauseMs), decidedByMs(pending)) }
    }
    case 'lost': {
      const pauseDays = Math.min(2 ** row.failures, UNDONE_DAYS_MAX)
      const problem: RotationProblem = 'not_delivered'
      const failed = { problem, problemAtMs: nowMs, failures: row.failures + 1 }
      const after = { ...row, ...failed, pending: null, dueAtMs: nowMs + pauseDays * DAY_MS }
      report(tx, context, after, key)
      return after
    }
    case 'arrived':
    case 'ended-by-others': {
      const rotatedAtMs = outcome === 'arrived' ? nowMs : row.rotatedAtMs
      const after = { ...row, ...NO_PROBLEM, failures: 0, rotatedAtMs, pending: null }
      return { ...after, dueAtMs: nextAtMs(after, key) }
    }
  }
}

const NO_PROBLEM = { problem: null, problemAtMs: null } as const

/** Records a problem, which is an event too. */
function report(tx: Writer, context: OperationContext, row: RotationRow, key: KeyRow): void {
  const { problem, webhook, failures, dueAtMs } = row
  tx.audit(
    auditEntry(context, row.organization, 'keys.rotation.fail', `key/${key.id}`, {
      after: { ...auditedKey(key), rotation: { webhook, problem, failures, nextAtMs: dueAtMs } },
    }),
  )
}
