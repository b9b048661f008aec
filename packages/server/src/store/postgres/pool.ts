import type { Socket } from 'node:net'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { StatementNames } from './statement-names.ts'

/** The message of the driver's error when the server did not respond within `query_timeout`. */
const RESPONSE_TIMEOUT_MESSAGE = 'Query read timeout'

/**
 * Reads which migrations have run. A migration takes the write lock, so a transaction that has it knows with this statement
 * whether its prepared statements still have the columns that they had.
 */
export const SCHEMA_VERSION = 'select max(number) as schema_version from migrations'

/** A result with columns that have changed since a statement was prepared: "cached plan must not change result type". */
const STALE_PLAN = { code: '0A000', routine: 'RevalidateCachedQuery' }

/** What a connection has prepared. */
interface Prepared {
  readonly names: StatementNames
  /** The newest migration when it was asked for first. */
  schemaVersion: unknown
}

/**
 * A pool that prepares statements, and that does not keep a connection whose server no longer responds: the next user would
 * wait behind the statement that is still open. Its connections can be cut while they are in use.
 */
export class DiscardingPool implements PostgresPool {
  readonly options: object
  readonly #pool: pg.Pool
  readonly #prepares: boolean
  readonly #inUse = new Set<pg.PoolClient>()
  readonly #prepared = new WeakMap<pg.PoolClient, Prepared>()

  /**
   * @param prepares whether statements are prepared. Not where tables change between two uses of a statement: that would fail
   *   the transaction.
   */
  constructor(config: pg.PoolConfig, prepares = true) {
    this.options = config
    this.#prepares = prepares
    this.#pool = new pg.Pool(config)
    // The user of a lost connection gets its error. Without these listeners, an idle connection that is lost would crash
    // the process. The pool replaces it.
    this.#pool.on('error', () => undefined)
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect()
    this.#inUse.add(client)
    const prepared = this.#preparedBy(client)
    let mustDiscard = false
    const query = async (text: string, parameters: readonly unknown[]): Promise<unknown> => {
      const values = [...parameters]
      const name = mustDiscard || !this.#prepares ? undefined : prepared.names.nameOf(text, values.length)
      sendTogether(client)
      try {
        const result = await client.query(name === undefined ? { text, values } : { name, text, values })
        if (text === SCHEMA_VERSION) mustDiscard ||= isMigrated(prepared, result)
        return result
      } catch (error) {
        if (error instanceof Error && error.message === RESPONSE_TIMEOUT_MESSAGE) mustDiscard = true
        if (!isStalePlan(error)) throw error
        mustDiscard = true
        return await runAgain(client, { text, values }, error)
      }
    }
    return {
      query: query as PostgresPoolClient['query'],
      release: (discard) => {
        this.#inUse.delete(client)
        client.release(mustDiscard || discard === true)
      },
    }
  }

  #preparedBy(client: pg.PoolClient): Prepared {
    let prepared = this.#prepared.get(client)
    if (prepared === undefined) {
      prepared = { names: new StatementNames(), schemaVersion: undefined }
      this.#prepared.set(client, prepared)
    }
    return prepared
  }

  /** Closes every connection that is in use at once. Its statements fail, and the server rolls back its transaction. */
  cut(): void {
    // `end` would wait for the answers of statements that were sent together.
    for (const client of this.#inUse) socketOf(client).destroy()
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }
}

/** The socket of a client, which the driver's types lack. */
function socketOf(client: pg.PoolClient): Pick<Socket, 'cork' | 'uncork' | 'destroy'> {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream
}

/** Has the statements that a client sends now go to the server in one packet. */
function sendTogether(client: pg.PoolClient): void {
  const socket = socketOf(client)
  socket.cork()
  // Runs when nothing is left to do without an answer.
  process.nextTick(() => socket.uncork())
}

/** Whether a migration has run since the connection asked for the first time. */
function isMigrated(prepared: Prepared, { rows }: pg.QueryResult<Record<string, unknown>>): boolean {
  const version = rows[0]?.['schema_version']
  prepared.schemaVersion ??= version
  return prepared.schemaVersion !== version
}

function isStalePlan(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false
  return error.code === STALE_PLAN.code && error.routine === STALE_PLAN.routine
}

/**
 * Runs a statement again without a prepared plan. It had not begun to run. @throws `cause` where the failure has ended the
 * transaction of the statement
 */
async function runAgain(
  client: pg.PoolClient,
  statement: { readonly text: string; readonly values: unknown[] },
  cause: unknown,
): Promise<unknown> {
  try {
    return await client.query(statement)
  } catch {
    throw cause
  }
}
