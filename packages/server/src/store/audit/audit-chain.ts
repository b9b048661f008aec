import { createHash } from 'node:crypto'
import type { AuditEntry, AuditRow } from '../port/audit-events.ts'

/** `previousHash` of the first row of a chain. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64)

/**
 * Writes JSON with sorted object keys, so that equal values have equal texts (RFC 8785 section 3.2, which takes the
 * form of numbers and strings from ECMAScript).
 *
 * @param value any result of `JSON.parse`
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

/** The value after a round trip through JSON, so that the hash covers what is read back. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}

function hashOf(entry: AuditEntry, sequence: number, previousHash: string): string {
  const { organization, atMs, actor, action, target, before, after } = entry
  const text = canonicalJson({ organization, atMs, actor, action, target, before, after, sequence })
  return createHash('sha256').update(previousHash).update(text).digest('hex')
}

/**
 * Makes the row that appends an entry to its organization's chain.
 *
 * @param last the newest row of the chain; undefined for the first entry
 */
export function chainAuditEntry(
  entry: AuditEntry,
  last: { readonly sequence: number; readonly hash: string } | undefined,
): AuditRow {
  const sequence = (last?.sequence ?? 0) + 1
  const previousHash = last?.hash ?? FIRST_PREVIOUS_HASH
  const kept = { ...entry, before: asJson(entry.before), after: asJson(entry.after) }
  return { ...kept, sequence, previousHash, hash: hashOf(kept, sequence, previousHash) }
}

/** Whether a row's hash is that of its content and of its previous hash. */
export function hasOwnHash(row: AuditRow): boolean {
  return row.hash === hashOf(row, row.sequence, row.previousHash)
}

/**
 * Checks that no row of a chain, or of a part of it, was changed, removed, inserted or moved. Rows missing at the end
 * show only against a hash recorded elsewhere.
 *
 * @param rows of one organization, oldest first
 * @param after the row before the first of `rows`; undefined when `rows` start at the beginning
 * @returns the sequence of the first broken row, or undefined when the chain is intact
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
    if (!follows || !hasOwnHash(row)) return sequence + 1
    sequence = row.sequence
    hash = row.hash
  }
  return undefined
}
