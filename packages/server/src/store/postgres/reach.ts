import pg from 'pg'
import { CONNECT_TIMEOUT_MS } from './open.ts'

/** Connects to a PostgreSQL database once. @throws the driver's error if it is not reachable or refuses the user */
export async function reachPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  // An error after the failed connection would crash the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } finally {
    await client.end()
  }
}
