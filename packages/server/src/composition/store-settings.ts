import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { openStore } from '../store/open.ts'

/** The database's file in the data folder. */
export const DATABASE_FILE = 'sallyport.db'

/** The part of the write deadline that is left for the rest of the request, in ms. */
const ANSWER_MS = 1_000
const SECOND_MS = 1000

/**
 * How a part of the server opens its store.
 *
 * @param connectionsMax of PostgreSQL; see `StoreSettings`
 */
export function storeSettings(
  config: Pick<Config, 'databaseUrl' | 'dataFolder' | 'writeDeadlineSeconds'>,
  nowMs: () => number,
  connectionsMax?: number,
): Parameters<typeof openStore>[0] {
  const { databaseUrl, writeDeadlineSeconds } = config
  return {
    ...(databaseUrl === null
      ? { kind: 'sqlite' as const, file: databaseFile(config) }
      : { kind: 'postgres' as const, url: databaseUrl, connectionsMax }),
    nowMs,
    writeMsMax: writeDeadlineSeconds * SECOND_MS - ANSWER_MS,
  }
}

export function databaseFile({ dataFolder }: Pick<Config, 'dataFolder'>): string {
  return join(dataFolder, DATABASE_FILE)
}
