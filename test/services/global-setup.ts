import { POSTGRES_URL_VARIABLE } from './postgres.ts'
import { startPostgres } from './postgres-server.ts'

/**
 * Starts PostgreSQL before the first test of a suite that needs it, unless the run already has a server. Vitest calls
 * the returned function after the last test.
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[POSTGRES_URL_VARIABLE] !== undefined) return undefined
  const server = await startPostgres()
  // The test workers start after this function and inherit this environment.
  process.env[POSTGRES_URL_VARIABLE] = server.url
  return async () => {
    delete process.env[POSTGRES_URL_VARIABLE]
    await server[Symbol.asyncDispose]()
  }
}
