import { type Dialect, type DialectAdapter, type Driver, SqliteAdapter, SqliteDialect } from 'kysely'
import { type DriverRules, GuardedDriver } from '../database/guarded-driver.ts'

/** For a driver that itself lends its connection to one transaction or statement at a time. */
class LendingAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

function dialectOf(driver: () => Driver, rules: () => DriverRules, adapter: () => DialectAdapter): Dialect {
  const dialect = new SqliteDialect({
    database: () => Promise.reject(new Error('The driver opens the database')),
  })
  return {
    createDriver: () => new GuardedDriver(driver(), rules),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: adapter,
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}

/** Kysely's SQLite dialect over a driver, with the given rules for transactions and errors. */
export function sqliteDialect(driver: () => Driver, rules: DriverRules): Dialect {
  return dialectOf(
    driver,
    () => rules,
    () => new SqliteAdapter(),
  )
}

/**
 * The same over a driver that lends its connection, which several dialects can share.
 *
 * @param rules makes the rules of a transaction, or of a statement outside of one, when it asks for the connection
 */
export function lendingDialect(driver: () => Driver, rules: () => DriverRules): Dialect {
  return dialectOf(driver, rules, () => new LendingAdapter())
}
