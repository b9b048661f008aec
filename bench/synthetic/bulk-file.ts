import { DatabaseSync } from 'node:sqlite'

/**
 * Fills a SQLite store that nothing else has open with more rows than its journal should hold. Indexes are made when the rows are there, and
 * what is written is lost if the process ends. References are not checked.
 */
export function fillFile(file: string, fill: (database: DatabaseSync) => void): void {
  using database = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  // Fails if another connection is open.
  const mode = database.prepare('pragma journal_mode = memory').get()?.['journal_mode']
  if (mode !== 'memory') throw new Error(`${file} is open elsewhere: its journal mode stays ${String(mode)}`)
  database.exec('pragma synchronous = off; pragma cache_size = -1000000')
  const indexes = database
    .prepare(`select name, sql from sqlite_master where type = 'index' and sql is not null`)
    .all()
  for (const { name } of indexes) database.exec(`drop index "${String(name)}"`)
  fill(database)
  for (const { sql } of indexes) database.exec(String(sql))
  database.exec('pragma journal_mode = wal')
}
