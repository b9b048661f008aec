import { type BasicCredentialRecord, Problem } from '@sallyport/core'
import { requireDeleted } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type {
  BasicCredentialReader,
  BasicCredentialRow,
  BasicCredentialWriter,
} from '../port/basic-credentials.ts'

declare module '../database/schema.ts' {
  interface Schema {
    basic_credentials: BasicCredentialsTable
  }
}

interface BasicCredentialsTable {
  organization: string
  id: string
  environment: string
  username: string
  consumer: string
  password_hash: string
  created_at: number
  created_by: string
}

export const BASIC_CREDENTIALS_CONSTRAINTS: UniqueConstraints = {
  basic_credentials_username: {
    table: 'basic_credentials',
    columns: ['organization', 'environment', 'username'],
    detail: 'The environment already has a Basic credential with this username. Choose another username.',
  },
}

export const BASIC_CREDENTIALS_FEED = entityFeed({
  kind: 'basic-credential',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db
      .selectFrom('basic_credentials')
      .select(['organization', 'environment', 'id', 'username', 'consumer', 'password_hash']),
  record: (row): BasicCredentialRecord => ({
    kind: 'basic-credential',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    username: row.username,
    consumer: row.consumer,
    passwordHash: row.password_hash,
  }),
})

function credentialRow(row: BasicCredentialsTable): BasicCredentialRow {
  return {
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    username: row.username,
    consumer: row.consumer,
    passwordHash: row.password_hash,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

export function basicCredentialReader(db: Database): BasicCredentialReader {
  return {
    async getByUsername(organization, environment, username) {
      const row = await db
        .selectFrom('basic_credentials')
        .selectAll()
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .where('username', '=', username)
        .executeTakeFirst()
      return row && credentialRow(row)
    },

    async listOfConsumer(organization, consumer, page) {
      const query = db
        .selectFrom('basic_credentials')
        .selectAll()
        .where('organization', '=', organization)
        .where('consumer', '=', consumer)
      return await createdPage(query, page, 'id', (rows) => rows.map(credentialRow))
    },

    async countOfConsumer(organization, consumer) {
      const row = await db
        .selectFrom('basic_credentials')
        .select((eb) => eb.fn.countAll<number>().as('credentials'))
        .where('organization', '=', organization)
        .where('consumer', '=', consumer)
        .executeTakeFirstOrThrow()
      return row.credentials
    },
  }
}

export function basicCredentialWriter(db: Database, staged: StagedChange): BasicCredentialWriter {
  return {
    ...basicCredentialReader(db),

    async insert(row) {
      const consumer = await db
        .selectFrom('consumers')
        .select('environment')
        .where('organization', '=', row.organization)
        .where('id', '=', row.consumer)
        .executeTakeFirst()
      // Otherwise the credential would admit the consumer in an environment that it does not belong to.
      if (consumer?.environment !== row.environment) {
        throw new Problem('conflict', {
          detail: 'The environment has no such consumer. Use a consumer of this environment.',
        })
      }
      await db
        .insertInto('basic_credentials')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          username: row.username,
          consumer: row.consumer,
          password_hash: row.passwordHash,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      staged.upsert(BASIC_CREDENTIALS_FEED, row.organization, row.id)
    },

    async remove(organization, id) {
      requireDeleted(
        await db
          .deleteFrom('basic_credentials')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      staged.remove(BASIC_CREDENTIALS_FEED, organization, id)
    },

    async removeAllOfConsumer(organization, consumer) {
      const deleted = await db
        .deleteFrom('basic_credentials')
        .where('organization', '=', organization)
        .where('consumer', '=', consumer)
        .returning('id')
        .execute()
      for (const id of deleted.map((row) => row.id).toSorted()) {
        staged.remove(BASIC_CREDENTIALS_FEED, organization, id)
      }
    },
  }
}
