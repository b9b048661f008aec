import type { DatabaseSync, StatementSync, SQLInputValue } from 'node:sqlite'
import { type Dialect, type Driver, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import { type DriverRules, GuardedDriver } from '../sql/guarded-driver.ts'

/** How many prepared statements a connection keeps. The repositories have some hundred; lists of ids vary. */
const STATEMENTS_MAX = 256

/** A prepared statement in the shape in which Kysely wants it. */
class Statement implements SqliteStatement {
  readonly reader: boolean
  readonly #statement: StatementSync

  constructor(statement: StatementSync) {
    this.#statement = statement
    this.reader = statement.columns().length > 0
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...(parameters as SQLInputValue[]))
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...(parameters as SQLInputValue[]))
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...(parameters as SQLInputValue[]))
  }
}

/** A connection that keeps the statements it prepared, those used last. */
class StatementCache implements SqliteDatabase {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, Statement>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  prepare(sql: string): Statement {
    const statement = this.#statements.get(sql) ?? new Statement(this.#database.prepare(sql))
    // A Map keeps the order of insertion: taking a statement out and in again makes it the youngest.
    this.#statements.delete(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > STATEMENTS_MAX) {
      const oldest = this.#statements.keys().next()
      if (oldest.done !== true) this.#statements.delete(oldest.value)
    }
    return statement
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }
}

/** Kysely's dialect for SQLite over Node's own binding, with our rules for transactions and errors. */
export function sqliteDialect(database: DatabaseSync, rules: DriverRules): Dialect {
  const dialect = new SqliteDialect({ database: new StatementCache(database) })
  return {
    createDriver: (): Driver => new GuardedDriver(dialect.createDriver(), rules),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}
