import type { DatabaseConnection, Driver, QueryResult } from 'kysely'
import { CompiledQuery } from 'kysely'

/** How transactions begin on a database, and how its errors translate. */
export interface DriverRules {
  /** Begins a transaction and takes its lock. If it throws, the transaction is rolled back. */
  readonly begin: (execute: (statement: string) => Promise<unknown>) => Promise<void>
  /** Turns an error that callers can act on into a Problem; returns any other error unchanged. */
  readonly translate: (error: unknown) => unknown
}

/** A connection that records whether a statement of its transaction has failed. */
class GuardedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  readonly #translate: DriverRules['translate']
  failure: unknown = undefined

  constructor(inner: DatabaseConnection, translate: DriverRules['translate']) {
    this.inner = inner
    this.#translate = translate
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.inner.executeQuery<R>(query)
    } catch (error) {
      this.failure = this.#translate(error)
      throw this.failure
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize)
  }
}

/**
 * Applies the rules to a driver. A transaction in which a statement failed cannot commit, even if the caller ignored
 * the error. PostgreSQL guarantees this itself; SQLite does not.
 */
export class GuardedDriver implements Driver {
  readonly #inner: Driver
  readonly #rules: DriverRules

  constructor(inner: Driver, rules: DriverRules) {
    this.#inner = inner
    this.#rules = rules
  }

  async #translating<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw this.#rules.translate(error)
    }
  }

  async init(): Promise<void> {
    await this.#translating(() => this.#inner.init())
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const inner = await this.#translating(() => this.#inner.acquireConnection())
    return new GuardedConnection(inner, this.#rules.translate)
  }

  async beginTransaction(connection: GuardedConnection): Promise<void> {
    try {
      await this.#rules.begin((statement) => connection.executeQuery(CompiledQuery.raw(statement)))
      connection.failure = undefined
    } catch (error) {
      // The connection returns to the pool, so its transaction must not stay open.
      await this.#inner.rollbackTransaction(connection.inner).catch(() => undefined)
      throw error
    }
  }

  async commitTransaction(connection: GuardedConnection): Promise<void> {
    if (connection.failure !== undefined) throw connection.failure
    await this.#translating(() => this.#inner.commitTransaction(connection.inner))
  }

  async rollbackTransaction(connection: GuardedConnection): Promise<void> {
    await this.#translating(() => this.#inner.rollbackTransaction(connection.inner))
  }

  async releaseConnection(connection: GuardedConnection): Promise<void> {
    await this.#inner.releaseConnection(connection.inner)
  }

  async destroy(): Promise<void> {
    await this.#inner.destroy()
  }
}
