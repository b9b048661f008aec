import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryExecutor,
  type QueryResult,
} from 'kysely'
import { type GuardedConnection, transactionEnded } from './guarded-driver.ts'
import type { Database, Schema } from './schema.ts'

/** All parts of a transaction have the same name: the newest one counts, and the commit ends all of them. */
const SAVEPOINT = 'savepoint sallyport_write'
const ROLL_BACK = 'rollback to savepoint sallyport_write'

/**
 * A part of a transaction that can be taken back alone, until the next part begins. Once it is over, work that goes on runs no
 * further statement: it would belong to another part.
 */
export class TransactionPart implements DatabaseConnection {
  /** Runs its statements. They may be sent without waiting for each other, and run in the order of the calls. */
  readonly db: Database
  readonly #connection: GuardedConnection
  readonly #savepoint: Promise<unknown> | undefined
  #failure: unknown
  #isOver = false

  /**
   * Begins a part. It waits for no answer of the database.
   *
   * @param executor of the transaction
   * @param isFirst the first part of a transaction needs no savepoint: it is taken back with the transaction
   */
  constructor(connection: GuardedConnection, executor: QueryExecutor, isFirst: boolean) {
    this.#connection = connection
    this.db = databaseOn(this, executor)
    if (isFirst) return
    this.#savepoint = connection.execute(CompiledQuery.raw(SAVEPOINT))
    // The end of the part reports it.
    this.#savepoint.catch(() => undefined)
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isOver) throw transactionEnded()
    try {
      return await this.#connection.execute<R>(query)
    } catch (error) {
      // Statements that were sent with the one that failed fail too, and say less.
      this.#failure ??= error
      throw this.#failure
    }
  }

  streamQuery(): never {
    throw new Error('A write does not stream')
  }

  /** Ends the part, which is kept. @throws the error of a statement that failed, even if the caller ignored it */
  async end(): Promise<void> {
    this.#isOver = true
    await this.#savepoint
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Runs no further statement of the part. */
  close(): void {
    this.#isOver = true
  }

  /** Takes the part back, and nothing before it. @throws when the whole transaction is lost, or this was its first part */
  async rollBack(): Promise<void> {
    this.#isOver = true
    if (this.#savepoint === undefined)
      throw new Error('The first part of a transaction is rolled back with it')
    await this.#savepoint
    await this.#connection.execute(CompiledQuery.raw(ROLL_BACK))
  }
}

/** A database whose statements run on a connection that stays taken. */
export function databaseOn(connection: DatabaseConnection, executor: QueryExecutor): Database {
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  }
  return new Kysely<Schema>({
    dialect: {
      createDriver: () => driver,
      createAdapter: () => executor.adapter,
      createQueryCompiler: () => ({ compileQuery: (node, id) => executor.compileQuery(node, id) }),
      createIntrospector: refuse,
    },
  })
}

function refuse(): never {
  throw new Error('A transaction contains no other one')
}
