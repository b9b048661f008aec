import {
  currentSecret,
  keyEndsAtMs,
  keyLifetimeEndsAtMs,
  keyState,
  liveSecrets,
  secretEndsAtMs,
  WARNED_MS,
} from '@sallyport/core'
import type { AuditAction } from '../../store/port/audit/audit-actions.ts'
import type { KeyDeadline, KeyRow } from '../../store/port/keys.ts'
import type { KeyAgePosition, LifetimeEnd } from '../../store/port/keys/key-ages.ts'
import type { Store, Writer } from '../../store/port/store.ts'
import { auditedKey } from '../audit/audit-entry.ts'
import { QUIET_SECONDS } from './roll-progress.ts'

/** Deadlines of one transaction: it keeps other writers waiting. */
const TAKEN_MAX = 100
/** A deadline that passed longer ago, in ms, is dropped: it is too late to tell. Three days, as long as events wait. */
const LATE_MS_MAX = 3 * 24 * 60 * 60 * 1000
const ACTOR = 'housekeeping'

export interface ReportDeadlinesDeps {
  readonly store: Pick<Store, 'write'>
  readonly nowMs: () => number
}

/** What is recorded of a deadline. */
interface Report {
  readonly action: AuditAction
  readonly facts?: Readonly<Record<string, unknown>>
}

/**
 * Records in the audit log which keys will end soon, which have ended, by their expiry or their age, and which old secrets
 * are still used an hour before their end. Each is recorded once, also if several processes do this.
 */
export async function reportDeadlines(deps: ReportDeadlinesDeps): Promise<void> {
  await reportStoredDeadlines(deps)
  await reportLifetimeEnds(deps)
}

async function reportStoredDeadlines({ store, nowMs }: ReportDeadlinesDeps): Promise<void> {
  for (let taken = TAKEN_MAX; taken === TAKEN_MAX;) {
    const { value } = await store.write(async (tx) => {
      const atMs = nowMs()
      const deadlines = await tx.keys.takeDeadlines(atMs, TAKEN_MAX)
      for (const deadline of deadlines) await record(tx, deadline, reportOf, atMs)
      return deadlines.length
    })
    taken = value
  }
}

async function reportLifetimeEnds({ store, nowMs }: ReportDeadlinesDeps): Promise<void> {
  let after: KeyAgePosition | undefined
  let isDone = false
  while (!isDone) {
    const { value } = await store.write(async (tx) => {
      const atMs = nowMs()
      const taken = await tx.keyAges.takeEnds(atMs, TAKEN_MAX, after)
      for (const end of taken.ends) await record(tx, end, lifetimeReportOf, atMs)
      return taken
    })
    after = value.through
    isDone = after === undefined && value.ends.length < TAKEN_MAX
  }
}

/**
 * Records that a key ends soon, if a change has moved its end to a time that `reportDeadlines` has passed already: to its
 * expiry by a roll, or to the end of its lifetime by the undo of a roll or by another expiry. Other moved ends are told in
 * their time.
 *
 * @param after the key after the change, in its transaction
 */
export function reportMovedEnd(
  tx: Pick<Writer, 'audit'>,
  before: KeyRow,
  after: KeyRow,
  nowMs: number,
): void {
  const endsAtMs = keyEndsAtMs(after)
  if (endsAtMs === keyEndsAtMs(before) || endsAtMs - nowMs > WARNED_MS) return
  const isLifetime = keyLifetimeEndsAtMs(after) <= (after.expiresAtMs ?? Infinity)
  const isToldInTime = isLifetime
    ? (currentSecret(after.secrets)?.createdAtMs ?? nowMs) >= nowMs
    : after.expiresAtMs !== before.expiresAtMs
  const report = isToldInTime ? undefined : endReport(after, 'expiring', nowMs)
  if (report !== undefined) audit(tx, after, report, nowMs)
}

async function record<Due extends KeyDeadline | LifetimeEnd>(
  tx: Writer,
  due: Due,
  of: (key: KeyRow, due: Due, nowMs: number) => Report | undefined,
  atMs: number,
): Promise<void> {
  const { organization, keyId, dueAtMs } = due
  if (atMs - dueAtMs > LATE_MS_MAX) return
  const key = await tx.keys.get(organization, keyId)
  const report = key && of(key, due, atMs)
  if (key !== undefined && report !== undefined) audit(tx, key, report, atMs)
}

function audit(tx: Pick<Writer, 'audit'>, key: KeyRow, { action, facts }: Report, atMs: number): void {
  const { organization, id } = key
  const after = { ...auditedKey(key), ...facts }
  tx.audit({ organization, atMs, actor: ACTOR, action, target: `key/${id}`, before: null, after })
}

function reportOf(key: KeyRow, { kind }: KeyDeadline, nowMs: number): Report | undefined {
  if (kind !== 'old-secret') {
    // The lifetime ends the key first, and has reports of its own.
    return keyLifetimeEndsAtMs(key) <= (key.expiresAtMs ?? Infinity) ? undefined : endReport(key, kind, nowMs)
  }
  const [old, current] = liveSecrets(key, nowMs)
  if (keyState(key, nowMs) !== 'rolling' || old === undefined || current === undefined) return undefined
  if (nowMs - (old.lastUsedAtMs ?? -Infinity) >= QUIET_SECONDS * 1000) return undefined
  return {
    action: 'keys.old-secret-used',
    facts: { oldSecretExpiresAtMs: secretEndsAtMs(key, old), oldSecretLastUsedAtMs: old.lastUsedAtMs },
  }
}

function lifetimeReportOf(key: KeyRow, { kind }: LifetimeEnd, nowMs: number): Report | undefined {
  return (key.expiresAtMs ?? Infinity) < keyLifetimeEndsAtMs(key) ? undefined : endReport(key, kind, nowMs)
}

function endReport(key: KeyRow, kind: LifetimeEnd['kind'], nowMs: number): Report | undefined {
  const endsAtMs = keyEndsAtMs(key)
  if (kind === 'expiring' && nowMs >= endsAtMs) return undefined
  return { action: `keys.${kind}`, facts: { endsAtMs } }
}
