import { stat } from 'node:fs/promises'
import type { Config } from '../config/config.ts'
import { databaseProblem } from '../startup/database-problem.ts'
import { systemReason } from '../startup/system-errors.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/port/store.ts'
import { openSealer, type MasterKeyUses } from './master-key.ts'
import { databaseFile, storeSettings } from './store-settings.ts'

/** A command reads and writes one after the other. */
const CONNECTIONS = 1

/** Why the database of an installation cannot be used by a command. */
export class OfflineError extends Error {}

/** The database of an installation, whose servers may run or not. */
export interface OfflineStore extends AsyncDisposable {
  readonly store: Store
  readonly sealer: MasterKeyUses
}

/**
 * Opens the database of an installation beside its servers. It must exist and be of this version, and the master key must
 * be the one that its secrets are sealed under, so that the caller is the operator and writes into the right database.
 * Nothing is created or migrated.
 *
 * @throws OfflineError that names the setting to correct
 */
export async function openOffline(config: Config, nowMs: () => number): Promise<OfflineStore> {
  await using stack = new AsyncDisposableStack()
  const usesFolder = config.databaseUrl === null || config.masterKey === null
  if (usesFolder) await requireFile(config.dataFolder, config.dataFolder, 'isDirectory')
  if (config.databaseUrl === null) await requireFile(databaseFile(config), config.dataFolder, 'isFile')
  const store = stack.use(
    await openStore({ ...storeSettings(config, nowMs, CONNECTIONS), mustBeMigrated: true }).catch(
      (error: unknown) => {
        const { variable, message } = databaseProblem(error, config, databaseFile(config))
        throw new OfflineError(`${variable}: ${message}`, { cause: error })
      },
    ),
  )
  const sealer = await checkedSealer(config, store, nowMs)
  const parts = stack.move()
  return { store, sealer, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
}

async function requireFile(path: string, folder: string, kind: 'isDirectory' | 'isFile'): Promise<void> {
  const reason = await stat(path).then(
    (found) => (found[kind]() ? null : 'it is of another kind'),
    (error: unknown) => systemReason(error),
  )
  if (reason === null) return
  throw new OfflineError(
    `SALLYPORT_DATA: The database of the server is not in the folder ${folder}: ${path} cannot be used (${reason}). ` +
      'Use the settings of the server: SALLYPORT_DATA, or SALLYPORT_DATABASE_URL and SALLYPORT_MASTER_KEY.',
  )
}

async function checkedSealer(config: Config, store: Store, nowMs: () => number): Promise<MasterKeyUses> {
  // Otherwise any key would become the master key of the database.
  if ((await store.masterKeyCheck.get()) === undefined) {
    throw new OfflineError('No server has started on this database yet. Start it once with its master key.')
  }
  return await openSealer(config, store.masterKeyCheck, nowMs).catch((error: unknown) => {
    const variable = config.masterKey === null ? 'SALLYPORT_DATA' : 'SALLYPORT_MASTER_KEY'
    throw new OfflineError(`${variable}: ${systemReason(error)}`, { cause: error })
  })
}
