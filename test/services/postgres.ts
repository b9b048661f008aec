import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** The environment variable with the URL of a PostgreSQL server whose user may create databases. */
export const POSTGRES_URL_VARIABLE = 'SALLYPORT_TEST_POSTGRES_URL'

export interface TestDatabase extends AsyncDisposable {
  /** A `postgres://` URL of the database. */
  readonly url: string
}

/**
 * Creates a database, so that no test sees another test's rows. Disposal drops it and closes all connections.
 *
 * @param original a database without connections, which the new one is a copy of; without it, the new one is empty
 * @throws an error if the test file is in a suite without PostgreSQL
 */
export async function openTestDatabase(original?: TestDatabase): Promise<TestDatabase> {
  const server = process.env[POSTGRES_URL_VARIABLE]
  if (server === undefined) {
    throw new Error(
      `${POSTGRES_URL_VARIABLE} is not set. Only the suites "store", "process" and "timing" of vitest.config.ts start ` +
        'PostgreSQL. Move the test to one of them, or set the variable.',
    )
  }
  const name = `test_${randomBytes(8).toString('hex')}`
  const template = original === undefined ? '' : ` TEMPLATE ${new URL(original.url).pathname.slice(1)}`
  await statement(server, `CREATE DATABASE ${name}${template}`)
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
