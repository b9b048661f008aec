import type { AuditRow } from '../../store/port/audit-events.ts'
import type { AuditCheckpoint } from '../../store/port/audit/audit-signing.ts'

/** A line of an export. */
export type ExportLine =
  | { readonly kind: 'event'; readonly row: AuditRow }
  | {
      readonly kind: 'checkpoint'
      readonly checkpoint: AuditCheckpoint
      readonly publicKey: string
      /** Of the last line: how many events the export has, and its filter; null for a whole log. */
      readonly end: { readonly events: number; readonly filter: object | null } | undefined
    }

const HASH = /^[0-9a-f]{64}$/

type Members = Readonly<Record<string, unknown>>

const EVENT_MEMBERS = 'organization sequence at actor action target before after previousHash hash'
const CHECKPOINT_MEMBERS = 'organization sequence hash at keyId signature'

/**
 * Reads a line of an export, exactly as Sallyport writes it: a text that means the same in another form was changed.
 *
 * @returns undefined for anything else
 */
export function readLine(text: string): ExportLine | undefined {
  const value = parsed(text)
  if (value === undefined) return undefined
  const names = Object.keys(value).join(' ')
  if (names === EVENT_MEMBERS) {
    const row = rowOf(value)
    return row && { kind: 'event', row }
  }
  if (names !== 'checkpoint publicKey' && names !== 'checkpoint publicKey export') return undefined
  const checkpoint = checkpointOf(value['checkpoint'])
  const { publicKey } = value
  const end = 'export' in value ? endOf(value['export']) : undefined
  if (checkpoint === undefined || typeof publicKey !== 'string' || !publicKey.endsWith('-----\n'))
    return undefined
  if ('export' in value && end === undefined) return undefined
  return { kind: 'checkpoint', checkpoint, publicKey, end }
}

function parsed(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) && JSON.stringify(value) === text ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members with the time in ms, if all of the others have their types. */
function placed(value: Members, texts: readonly string[]): Members | undefined {
  const { at, ...rest } = value
  const atMs = typeof at === 'string' ? Date.parse(at) : NaN
  if (!Number.isSafeInteger(atMs) || new Date(atMs).toISOString() !== at) return undefined
  if (!isCount(value['sequence']) || texts.some((name) => typeof value[name] !== 'string')) return undefined
  return { ...rest, atMs }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

function rowOf(value: Members): AuditRow | undefined {
  const texts = ['organization', 'actor', 'action', 'target', 'previousHash', 'hash']
  const hashes = [value['previousHash'], value['hash']]
  if (!hashes.every((hash) => typeof hash === 'string' && HASH.test(hash))) return undefined
  return placed(value, texts) as AuditRow | undefined
}

function checkpointOf(value: unknown): AuditCheckpoint | undefined {
  if (!isObject(value) || Object.keys(value).join(' ') !== CHECKPOINT_MEMBERS) return undefined
  return placed(value, ['organization', 'hash', 'keyId', 'signature']) as AuditCheckpoint | undefined
}

function endOf(value: unknown): { readonly events: number; readonly filter: object | null } | undefined {
  if (!isObject(value) || Object.keys(value).join(' ') !== 'events filter') return undefined
  const { events, filter } = value
  if (!Number.isSafeInteger(events) || !(filter === null || isObject(filter))) return undefined
  return { events: Number(events), filter }
}
