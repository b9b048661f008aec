import type { FeedRecord } from '@sallyport/core'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { feedSnapshot } from '../feed/snapshot.ts'
import { migrate, MIGRATIONS } from '../migrations/migrate.ts'
import type { Migration } from '../migrations/migration.ts'
import type { Backend } from '../sql/backend.ts'
import { FEEDS } from '../sql/registry.ts'
import {
  change,
  consumer,
  deployment,
  found,
  key,
  keyId,
  readSnapshot,
  secret,
  type TestDatabase,
} from './fixtures.ts'
import { basicCredential, environmentSecret, issuer, signingKey } from './governance-fixtures.ts'

const migrated = (backend: Backend, migrations?: readonly Migration[]) =>
  migrate(backend.writer, backend.columnTypes, () => 5, migrations)

const appliedBy = (backend: Backend) =>
  backend.reader.selectFrom('migrations').select(['number', 'name', 'applied_at']).execute()

const next: Migration = {
  number: MIGRATIONS.length + 1,
  name: 'next',
  async up(db, types) {
    await db.schema.createTable('next_things').addColumn('name', types.name).execute()
  },
}

const broken: Migration = {
  ...next,
  async up(db, types) {
    await next.up(db, types)
    throw new Error('half way')
  },
}

/** How tables come to be, and how they are read in pages. */
export function tablesContract(database: () => Promise<TestDatabase>): void {
  describe('migrations', () => {
    test('run once, also when several start at once', async () => {
      await using db = await database()
      await using first = db.backend()
      await using second = db.backend()
      await Promise.all([migrated(first), migrated(second), migrated(first)])
      expect(await appliedBy(second)).toEqual(
        MIGRATIONS.map(({ number, name }) => ({ number, name, applied_at: 5 })),
      )
    })

    test('go on from where they were, and leave nothing of one that fails', async () => {
      await using db = await database()
      await using backend = db.backend()
      await migrated(backend)
      await expect(migrated(backend, [...MIGRATIONS, broken])).rejects.toThrow('half way')
      expect(await appliedBy(backend)).toHaveLength(MIGRATIONS.length)
      await migrated(backend, [...MIGRATIONS, next])
      expect((await appliedBy(backend)).at(-1)).toMatchObject({ name: 'next' })
      await sql`insert into next_things (name) values ('x')`.execute(backend.counter)
    })

    test('of a newer version, or of another history, stop the start', async () => {
      await using db = await database()
      await using backend = db.backend()
      await migrated(backend, [...MIGRATIONS, next])
      await expect(db.open()).rejects.toThrow('does not know')
      await expect(migrated(backend, [...MIGRATIONS, { ...next, name: 'other' }])).rejects.toThrow(
        'does not know',
      )
    })
  })

  describe('a snapshot', () => {
    test('is the same in whatever batches it is read', async () => {
      await using db = await database()
      await using store = await db.open()
      for (const owner of ['acme', 'acme-2', 'globex']) {
        await store.write((tx) => found(tx, owner))
        await change(store, owner, async (tx) => {
          for (const name of ['1', '2', '3', '4', '5']) {
            await tx.consumers.insert(consumer(owner, `con_${name}`, { pipelines: ['orders'] }))
            const secrets = [secret(1), secret(2)].slice(0, Number(name) % 3)
            await tx.keys.insert(key(owner, keyId(owner + name), { secrets }))
            await tx.signingKeys.insert(signingKey(owner, `sig_${name}`, { verifiesUntilMs: Number(name) }))
            await tx.issuers.insert(issuer(owner, `iss_${name}`))
            await tx.environmentSecrets.insert(environmentSecret(owner, `sec_${name}`))
            await tx.basicCredentials.insert(basicCredential(owner, `bas_${name}`))
          }
          await tx.deployments.insert(deployment(owner, 'dep_1'))
        })
      }
      const whole = await readSnapshot(store)
      // What others refer to comes first.
      expect([...new Set(whole.records.map(({ kind }) => kind))]).toEqual([
        'organization',
        'environment',
        'consumer',
        'key',
        'signing-key',
        'issuer',
        'environment-secret',
        'basic-credential',
        'deployment',
      ])
      await using backend = db.backend()
      for (const batchSize of [1, 2, 3, 5, 15, 16]) {
        const batches = await backend.readConsistently(async (moment) => {
          const read: (readonly FeedRecord[])[] = []
          for await (const batch of (await feedSnapshot(moment, FEEDS, batchSize)).records) read.push(batch)
          return read
        })
        expect(batches.flat()).toEqual(whole.records)
        expect(Math.max(...batches.map(({ length }) => length))).toBe(Math.min(batchSize, 15))
      }
    })
  })
}
