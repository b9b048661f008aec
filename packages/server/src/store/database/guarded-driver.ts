import type { DatabaseConnection, Driver, QueryResult } from 'kysely'
import { CompiledQuery } from 'kysely'

/** How transactions begin on a database, and how its errors translate. */
export interface DriverRules {
  /** Begins a transaction and takes its lock. If it throws, the transaction is rolled back. */
  readonly begin: (execute: (statement: string) => Promise<unknown>) => Promise<void>
  /** Turns an error that callers can act on into a Problem; returns any other error unchanged. */
  readonly translate: (error: unknown) => unknown
  /** The same for an error of the commit, after which it may be unknown whether that was done; `translate` unless given. */
  readonly translateCommit?: (error: unknown) => unknown
  /** Throws when a transaction may run no further statement and may not commit. */
  readonly requireTime?: () => void
  /** Called just before the commit is sent. */
  readonly onCommit?: () => void
}

/** The error of a statement that comes too late. */
export function transactionEnded(): Error {
  return new Error('The transaction of this statement has ended')
}

/** A connection that records whether a statement of its transaction has failed. */
export class GuardedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  readonly rules: DriverRules
  failure: unknown = undefined
  /**
   * Whether the transaction has ended. Work that its caller no longer waits for may go on, and its next statement must not run
   * outside of the transaction.
   */
  isOver = false

  constructor(inner: DatabaseConnection, rules: DriverRules) {
    this.inner = inner
    this.rules = rules
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.execute<R>(query)
    } catch (error) {
      // Statements that were sent with the one that failed fail too, and say less.
      this.failure ??= error
      throw this.failure
    }
  }

  /** Runs a statement of a part of the transaction, which records by itself whether one has failed. */
  async execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      if (this.isOver) throw transactionEnded()
      this.rules.requireTime?.()
      return await this.inner.executeQuery<R>(query)
    } catch (error) {
      throw this.rules.translate(error)
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    if (this.isOver) throw transactionEnded()
    return this.inner.streamQuery<R>(query, chunkSize)
  }
}

async function translating<T>(rules: Pick<DriverRules, 'translate'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw rules.translate(error)
  }
}

/**
 * Applies the rules to a driver. A transaction in which a statement failed cannot commit, even if the caller ignored
 * the error. PostgreSQL guarantees this itself; SQLite does not.
 */
export class GuardedDriver implements Driver {
  readonly #inner: Driver
  readonly #rules: () => DriverRules

  /** @param rules makes the rules of a transaction, or of a statement outside of one, when it asks for a connection */
  constructor(inner: Driver, rules: () => DriverRules) {
    this.#inner = inner
    this.#rules = rules
  }

  async init(): Promise<void> {
    await translating(this.#rules(), () => this.#inner.init())
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const rules = this.#rules()
    const inner = await translating(rules, () => this.#inner.acquireConnection())
    return new GuardedConnection(inner, rules)
  }

  async beginTransaction(connection: GuardedConnection): Promise<void> {
    try {
      await connection.rules.begin((statement) => connection.execute(CompiledQuery.raw(statement)))
    } catch (error) {
      // The connection returns to the pool, so its transaction must not stay open.
      await this.#inner.rollbackTransaction(connection.inner).catch(() => undefined)
      throw error
    }
  }

  async commitTransaction(connection: GuardedConnection): Promise<void> {
    if (connection.failure !== undefined) throw connection.failure
    connection.rules.requireTime?.()
    connection.isOver = true
    connection.rules.onCommit?.()
    const { translate, translateCommit = translate } = connection.rules
    await translating({ translate: translateCommit }, () => this.#inner.commitTransaction(connection.inner))
  }

  /**
   * Rolls back. The error that led here is the one to report: a rollback also fails after an error that has already
   * ended the transaction, such as a full disk on SQLite or a lost connection on PostgreSQL.
   */
  async rollbackTransaction(connection: GuardedConnection): Promise<void> {
    connection.isOver = true
    await this.#inner.rollbackTransaction(connection.inner).catch(() => undefined)
  }

  async releaseConnection(connection: GuardedConnection): Promise<void> {
    connection.isOver = true
    await this.#inner.releaseConnection(connection.inner)
  }

  async destroy(): Promise<void> {
    await this.#inner.destroy()
  }
}
