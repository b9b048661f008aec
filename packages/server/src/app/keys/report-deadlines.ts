import { keyState, liveSecrets } from '@sallyport/core'
import type { KeyDeadline, KeyRow } from '../../store/port/keys.ts'
import type { Store } from '../../store/port/store.ts'
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
  readonly action: string
  readonly facts?: Readonly<Record<string, unknown>>
}

/**
 * Records in the audit log which keys will expire soon, which have expired, and which old secrets are still used an hour
 * before their end. Each is recorded once, also if several processes do this.
 */
export async function reportDeadlines({ store, nowMs }: ReportDeadlinesDeps): Promise<void> {
  for (let taken = TAKEN_MAX; taken === TAKEN_MAX;) {
    const { value } = await store.write(async (tx) => {
      const atMs = nowMs()
      const deadlines = await tx.keys.takeDeadlines(atMs, TAKEN_MAX)
      for (const { organization, keyId, ...deadline } of deadlines) {
        const key = await tx.keys.get(organization, keyId)
        const report = key && reportOf(key, deadline, atMs)
        if (key === undefined || report === undefined) continue
        tx.audit({
          organization,
          atMs,
          actor: ACTOR,
          action: report.action,
          target: `key/${keyId}`,
          before: null,
          after: { ...auditedKey(key), ...report.facts },
        })
      }
      return deadlines.length
    })
    taken = value
  }
}

function reportOf(
  key: KeyRow,
  { kind, dueAtMs }: Pick<KeyDeadline, 'kind' | 'dueAtMs'>,
  nowMs: number,
): Report | undefined {
  if (nowMs - dueAtMs > LATE_MS_MAX) return undefined
  const state = keyState(key, nowMs)
  if (kind === 'expired') return { action: 'keys.expired' }
  if (kind === 'expiring') return state === 'expired' ? undefined : { action: 'keys.expiring' }
  const [old, current] = liveSecrets(key, nowMs)
  if (state !== 'rolling' || old === undefined || current === undefined) return undefined
  if (nowMs - (old.lastUsedAtMs ?? -Infinity) >= QUIET_SECONDS * 1000) return undefined
  return {
    action: 'keys.old-secret-used',
    facts: { oldSecretExpiresAtMs: old.expiresAtMs, oldSecretLastUsedAtMs: old.lastUsedAtMs },
  }
}
