import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

/** The message of the driver's error when the server did not respond within `query_timeout`. */
const RESPONSE_TIMEOUT_MESSAGE = 'Query read timeout'

/**
 * A pool that does not keep a connection whose server no longer responds: the next user would wait behind the statement
 * that is still open. Its connections can be cut while they are in use.
 */
export class DiscardingPool implements PostgresPool {
  readonly options: object
  readonly #pool: pg.Pool
  readonly #inUse = new Set<pg.PoolClient>()

  constructor(config: pg.PoolConfig) {
    this.options = config
    this.#pool = new pg.Pool(config)
    // The user of a lost connection gets its error. Without these listeners, an idle connection that is lost would crash
    // the process. The pool replaces it.
    this.#pool.on('error', () => undefined)
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect()
    this.#inUse.add(client)
    let isBroken = false
    const query = async (sql: string, parameters: readonly unknown[]): Promise<unknown> => {
      try {
        return await client.query(sql, [...parameters])
      } catch (error) {
        if (error instanceof Error && error.message === RESPONSE_TIMEOUT_MESSAGE) isBroken = true
        throw error
      }
    }
    return {
      query: query as PostgresPoolClient['query'],
      release: (discard) => {
        this.#inUse.delete(client)
        client.release(isBroken || discard === true)
      },
    }
  }

  /** Closes every connection that is in use. Its statements fail, and the server rolls back its transaction. */
  cut(): void {
    // With an open statement, `end` closes the socket at once.
    for (const client of this.#inUse) void (client as unknown as pg.Client).end().catch(() => undefined)
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }
}
