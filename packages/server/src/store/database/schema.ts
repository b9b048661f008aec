import type { Kysely } from 'kysely'

/**
 * Every table, as Kysely sees it. Each file that owns a table adds the table here by declaration merging
 * (`declare module`), so that a table's columns stand beside its queries and imports run one way. `migrations/`
 * creates the tables.
 *
 * Columns named `…_at` are integer milliseconds since 1970, columns named `…_json` hold JSON as text, and booleans are
 * 0 or 1.
 */
export interface Schema {
  migrations: MigrationsTable
}

interface MigrationsTable {
  number: number
  name: string
  applied_at: number
}

export type Database = Kysely<Schema>
