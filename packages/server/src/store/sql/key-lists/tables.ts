declare module '../../database/schema.ts' {
  interface Schema {
    key_index: KeyIndexTable
    key_last_uses: KeyLastUsesTable
    key_terms: KeyTermsTable
    key_counts: KeyCountsTable
  }
}

/** One row for each key, deleted ones included: what lists filter and order by. */
export interface KeyIndexTable {
  organization: string
  id: string
  /** Of `keySection`. Every index of a list begins with it. */
  section: string
  created_at: number
  /** `NEVER_MS` for a key without expiry, which comes last. */
  expires_at: number
  /** Until when the key has two live secrets; 0 if it has one. */
  rolling_until: number
  /** When the current secret was created, in whole seconds; `NEVER_MS` for a key without secrets. */
  secret_created_at: number
  name_order: string
  /** All terms, with a space before and after each. */
  terms: string
}

/**
 * One row for each key. It changes each second, so it is apart from `key_index`, whose indexes would all change with it
 * on PostgreSQL.
 */
interface KeyLastUsesTable {
  organization: string
  id: string
  section: string
  /** When the key was used last, in ms since 1970; for a key that never was, see `neverUsedOrder`. */
  use_order: number
}

/** The terms of `keyTerms`, each with its keys. */
interface KeyTermsTable {
  organization: string
  section: string
  term: string
  id: string
}

/** How many keys a section has. A section without keys can have a row or none. */
interface KeyCountsTable {
  organization: string
  section: string
  keys: number
}

/** The expiry of a key without one. */
export const NEVER_MS = Number.MAX_SAFE_INTEGER

/** Orders keys that were never used before all others, and by their creation. */
export function neverUsedOrder(createdAtMs: number): number {
  return createdAtMs - 2 ** 52
}
