import { createHash } from 'node:crypto'
import type { AuditEntry, AuditRow } from '../port/audit-events.ts'

/** What the first entry of a chain has for the hash before it. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64)

/**
 * JSON with the keys of every object in order, so that one value has one text (RFC 8785 section 3.2; numbers and
 * strings are written as ECMAScript writes them, which is what that standard asks for).
 *
 * @param value what `JSON.parse` can give
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    // By UTF-16 code units (section 3.2.3), which is how these operators compare.
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** The value as JSON keeps it, without what JSON cannot say: what is hashed is what will be read back. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}

function hashOf(entry: AuditEntry, sequence: number, previousHash: string): string {
  const { organization, atMs, actor, action, target, before, after } = entry
  const text = canonicalJson({ organization, atMs, actor, action, target, before, after, sequence })
  return createHash('sha256').update(previousHash).update(text).digest('hex')
}

/** Appends an entry to its organization's chain; `last` is the newest row there, undefined for the first. */
export function chainAuditEntry(
  entry: AuditEntry,
  last: { readonly sequence: number; readonly hash: string } | undefined,
): AuditRow {
  const sequence = (last?.sequence ?? 0) + 1
  const previousHash = last?.hash ?? FIRST_PREVIOUS_HASH
  const kept = { ...entry, before: asJson(entry.before), after: asJson(entry.after) }
  return { ...kept, sequence, previousHash, hash: hashOf(kept, sequence, previousHash) }
}

/**
 * Checks a chain, or a stretch of one: that no row was changed, taken out, put in or moved. That rows were cut off at
 * the end only shows against a hash that was noted elsewhere.
 *
 * @param rows of one organization, oldest first
 * @param after the row before the first of `rows`; undefined when they start at the beginning
 * @returns the first sequence at which the chain is not as it was written, or undefined when it is whole
 */
export function verifyAuditChain(
  rows: Iterable<AuditRow>,
  after?: { readonly organization: string; readonly sequence: number; readonly hash: string },
): number | undefined {
  let organization = after?.organization
  let sequence = after?.sequence ?? 0
  let hash = after?.hash ?? FIRST_PREVIOUS_HASH
  for (const row of rows) {
    organization ??= row.organization
    const follows =
      row.organization === organization && row.sequence === sequence + 1 && row.previousHash === hash
    if (!follows || row.hash !== hashOf(row, row.sequence, row.previousHash)) return sequence + 1
    sequence = row.sequence
    hash = row.hash
  }
  return undefined
}
