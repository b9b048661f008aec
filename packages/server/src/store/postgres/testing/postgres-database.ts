import { afterAll } from 'vitest'
import { openStore } from '../../open.ts'
import type { TestDatabase } from '../../testing/fixtures.ts'
import { openPostgres } from '../open.ts'

/** A database of the test run's server. */
export interface RunDatabase extends AsyncDisposable {
  readonly url: string
}

/** A database, and the store on it. */
export interface PostgresDatabase extends TestDatabase {
  readonly url: string
}

export function databaseAt(database: RunDatabase): PostgresDatabase {
  return {
    url: database.url,
    open: (nowMs = Date.now, writeMsMax) =>
      openStore({ kind: 'postgres', url: database.url, nowMs, writeMsMax }),
    backend: async () => openPostgres(database.url),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

/**
 * Databases for the tests of one file. Each is empty for `backend`. For `open` it is migrated, because that takes longer
 * than most tests.
 *
 * @param create creates a database, as a copy if it gets an original
 */
export function contractDatabases(
  create: (original?: RunDatabase) => Promise<RunDatabase>,
): () => Promise<TestDatabase> {
  const migrated = (async () => {
    const database = await create()
    const store = await databaseAt(database).open()
    await store[Symbol.asyncDispose]()
    return database
  })()
  afterAll(async () => await (await migrated)[Symbol.asyncDispose]())
  return async () => {
    let found: Promise<PostgresDatabase> | undefined
    return {
      async open(...options) {
        found ??= (async () => databaseAt(await create(await migrated)))()
        return await (await found).open(...options)
      },
      async backend() {
        found ??= (async () => databaseAt(await create()))()
        return await (await found).backend()
      },
      async [Symbol.asyncDispose]() {
        await (await found)?.[Symbol.asyncDispose]()
      },
    }
  }
}
