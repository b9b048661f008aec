import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Set for the whole run to a PostgreSQL whose user may create databases; holds the URL of any database there. */
export const POSTGRES_URL_VARIABLE = 'SALLYPORT_TEST_POSTGRES_URL'

export interface TestDatabase extends AsyncDisposable {
  /** A `postgres://` URL of a new, empty database. */
  readonly url: string
}

/**
 * Makes an empty database on the run's PostgreSQL, so that no test sees another's rows. Its disposal drops it, whoever
 * is still connected.
 *
 * @throws an error when the test file is in a suite for which no PostgreSQL is started
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = process.env[POSTGRES_URL_VARIABLE]
  if (server === undefined) {
    throw new Error(
      `${POSTGRES_URL_VARIABLE} is not set: only the suites "store" and "process" of vitest.config.ts bring ` +
        'PostgreSQL up. Move the test there, or set the variable.',
    )
  }
  const name = `test_${randomBytes(8).toString('hex')}`
  await statement(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => statement(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

async function statement(server: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
