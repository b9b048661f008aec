import { type Dialect, type Driver, SqliteDialect } from 'kysely'
import { type DriverRules, GuardedDriver } from '../database/guarded-driver.ts'

/** Kysely's SQLite dialect over a driver, with the given rules for transactions and errors. */
export function sqliteDialect(driver: () => Driver, rules: DriverRules): Dialect {
  const dialect = new SqliteDialect({
    database: () => Promise.reject(new Error('The driver opens the database')),
  })
  return {
    createDriver: () => new GuardedDriver(driver(), rules),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}
