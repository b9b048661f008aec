import { openPostgres } from './postgres/open.ts'
import { openSqlite } from './sqlite/open.ts'
import { sqlStore } from './sql/store.ts'
import type { Store } from './port/store.ts'

/** Which database, and where it is. */
export type StoreSettings =
  { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string }

/**
 * Opens the store, bringing its tables up to date first.
 *
 * @param nowMs the clock that changes are stamped with, in milliseconds since 1970
 * @throws Problem `unavailable` when the database cannot be reached; Error when a newer version has written it
 */
export async function openStore(settings: StoreSettings & { readonly nowMs: () => number }): Promise<Store> {
  const backend = settings.kind === 'sqlite' ? openSqlite(settings.file) : openPostgres(settings.url)
  return await sqlStore(backend, settings.nowMs)
}
