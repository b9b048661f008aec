import { POSTGRES_URL_VARIABLE } from './postgres.ts'
import { startPostgres } from './postgres-server.ts'

/**
 * Brings PostgreSQL up before the first test of a suite that needs it, unless the run has one already. Vitest calls
 * what this returns after the last test.
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[POSTGRES_URL_VARIABLE] !== undefined) return undefined
  const server = await startPostgres()
  // The workers that run the test files are started after this, with this environment.
  process.env[POSTGRES_URL_VARIABLE] = server.url
  return async () => {
    delete process.env[POSTGRES_URL_VARIABLE]
    await server[Symbol.asyncDispose]()
  }
}
