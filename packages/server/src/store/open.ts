import { openPostgres } from './postgres/open.ts'
import { openSqlite } from './sqlite/open.ts'
import { sqlStore } from './sql/store.ts'
import type { Store } from './port/store.ts'

/** The database to open. */
export type StoreSettings =
  { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string }

/**
 * Migrates the database and opens the store.
 *
 * @param nowMs the clock for the times of changes, in milliseconds since 1970
 * @throws Problem `unavailable` when the database cannot be reached; Error when a newer version has migrated it
 */
export async function openStore(settings: StoreSettings & { readonly nowMs: () => number }): Promise<Store> {
  const backend = settings.kind === 'sqlite' ? openSqlite(settings.file) : openPostgres(settings.url)
  return await sqlStore(backend, settings.nowMs)
}
