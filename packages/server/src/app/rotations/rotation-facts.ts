import { liveSecrets, rotationDueMs } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { RotationRow } from '../../store/port/keys/rotations.ts'

/** A rotation without what waits for its webhook. */
export interface RotationFacts extends Omit<RotationRow, 'urlDigest' | 'dueAtMs' | 'pending'> {
  readonly state: 'scheduled' | 'delivering'
  /** When the key is rolled next, or when it is tried again; null while a new token is being delivered. */
  readonly nextAtMs: number | null
}

/** @param key of the rotation, read in the same transaction or after it */
export function rotationFacts(row: RotationRow, key: KeyRow, nowMs: number): RotationFacts {
  const { urlDigest: _digest, dueAtMs: _due, pending: _pending, ...facts } = row
  if (isDelivering(row, key, nowMs)) return { ...facts, state: 'delivering', nextAtMs: null }
  const { problem, problemAtMs } = standing(row, key)
  return { ...facts, problem, problemAtMs, state: 'scheduled', nextAtMs: nextAtMs(row, key) }
}

/** A rotation in the audit log: what a person set. */
export function auditedRotation({
  everyDays,
  webhook,
  handOverHours,
  updatedAtMs,
  updatedBy,
}: RotationRow): Record<string, unknown> {
  return { everyDays, webhook, handOverHours, updatedAtMs, updatedBy }
}

/**
 * Whether a new secret waits for its delivery. A person can have undone the roll since, or finished it and rolled the key
 * again: then the secret has an end, and the roll in progress is the person's.
 */
export function isDelivering({ pending }: RotationRow, key: KeyRow, nowMs: number): boolean {
  return liveSecrets(key, nowMs).some(
    ({ sequence, expiresAtMs }) => sequence === pending?.secretSequence && expiresAtMs === null,
  )
}

/** When the key is to be rolled: by its schedule, or earlier if the last try had a problem. */
export function nextAtMs(row: RotationRow, key: KeyRow): number {
  return standing(row, key).problem === null ? rotationDueMs(key, row.everyDays) : row.dueAtMs
}

/** What still matters of earlier tries. A roll by hand since then has started the schedule again. */
export function standing(
  { problem, problemAtMs, failures }: RotationRow,
  { secrets }: KeyRow,
): Pick<RotationRow, 'problem' | 'problemAtMs' | 'failures'> {
  const newestMs = secrets.at(-1)?.createdAtMs ?? -Infinity
  return problemAtMs !== null && newestMs <= problemAtMs
    ? { problem, problemAtMs, failures }
    : { ...NO_PROBLEM, failures: 0 }
}

export const NO_PROBLEM = { problem: null, problemAtMs: null } as const
