import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { migrate, MIGRATIONS, requireMigrated } from '../../migrations/migrate.ts'
import type { Migration } from '../../migrations/definition/migration.ts'
import type { Backend } from '../../sql/backend.ts'
import type { TestDatabase } from '../fixtures.ts'

const migrated = (backend: Backend, migrations?: readonly Migration[]) =>
  migrate(backend.migrator, backend.columnTypes, () => 5, migrations)

const appliedBy = (backend: Backend) =>
  backend.reader.selectFrom('migrations').select(['number', 'name', 'applied_at']).orderBy('number').execute()

const next: Migration = {
  number: (MIGRATIONS.at(-1)?.number ?? 0) + 1,
  name: 'next',
  async up(db, types) {
    await db.schema.createTable('next_table').addColumn('name', types.name).execute()
  },
}

const broken: Migration = {
  ...next,
  async up(db, types) {
    await next.up(db, types)
    throw new Error('half way')
  },
}

/** Migrations. */
export function migrationsContract(database: () => Promise<TestDatabase>): void {
  describe('migrations', () => {
    test('run once, even if several processes start at the same time', async () => {
      await using db = await database()
      await using first = await db.backend()
      await using second = await db.backend()
      await using third = await db.backend()
      await Promise.all([migrated(first), migrated(second), migrated(third)])
      expect(await appliedBy(second)).toEqual(
        MIGRATIONS.map(({ number, name }) => ({ number, name, applied_at: 5 })),
      )
    })

    test('continue after the last applied one, and roll back one that fails', async () => {
      await using db = await database()
      await using backend = await db.backend()
      await migrated(backend)
      await expect(migrated(backend, [...MIGRATIONS, broken])).rejects.toThrow('half way')
      expect(await appliedBy(backend)).toHaveLength(MIGRATIONS.length)
      await migrated(backend, [...MIGRATIONS, next])
      expect((await appliedBy(backend)).at(-1)).toMatchObject({ name: 'next' })
      await sql`insert into next_table (name) values ('x')`.execute(backend.counter)
    })

    test('are required, but not run, by a process beside a server', async () => {
      await using db = await database()
      await using backend = await db.backend()
      await expect(requireMigrated(backend.reader)).rejects.toThrow('is empty')
      await migrated(backend)
      await requireMigrated(backend.reader)
      const newer = requireMigrated(backend.reader, [...MIGRATIONS, next])
      await expect(newer).rejects.toThrow('does not have migration')
      await migrated(backend, [...MIGRATIONS, next])
      await expect(requireMigrated(backend.reader)).rejects.toThrow('does not know')
      expect(await appliedBy(backend)).toHaveLength(MIGRATIONS.length + 1)
    })

    test('that this version does not know prevent the start', async () => {
      await using db = await database()
      await using backend = await db.backend()
      await migrated(backend, [...MIGRATIONS, next])
      await expect(db.open()).rejects.toThrow('does not know')
      await expect(migrated(backend, [...MIGRATIONS, { ...next, name: 'other' }])).rejects.toThrow(
        'does not know',
      )
    })
  })
}
