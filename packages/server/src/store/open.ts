import { openPostgres } from './postgres/open.ts'
import { openSqlite } from './sqlite/open.ts'
import { sqlStore, type SqlStoreOptions } from './sql/store.ts'
import type { Store } from './port/store.ts'

/** The database to open. */
export type StoreSettings =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'postgres'
      readonly url: string
      /** Connections besides two that write and one that listens; 10 unless given. */
      readonly connectionsMax?: number | undefined
    }

/**
 * Migrates the database and opens the store.
 *
 * @throws Problem `unavailable` when the database cannot be reached; Error when a newer version has migrated it
 */
export async function openStore(settings: StoreSettings & SqlStoreOptions): Promise<Store> {
  const backend =
    settings.kind === 'sqlite'
      ? await openSqlite(settings.file)
      : openPostgres(settings.url, settings.writeMsMax, settings.connectionsMax)
  return await sqlStore(backend, settings)
}
