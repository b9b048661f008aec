import { Problem } from '@sallyport/core'
import type {
  BasicCredentialReader,
  BasicCredentialRow,
  BasicCredentialWriter,
} from '../port/basic-credentials.ts'
import type { Database, BasicCredentialTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import type { StagedChange } from '../feed/staged-change.ts'

function credentialRow(row: BasicCredentialTable): BasicCredentialRow {
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
      // Through a credential in another environment its consumer would be let in where it does not belong.
      if (consumer?.environment !== row.environment) {
        throw new Problem('conflict', { detail: 'There is no such consumer in the environment.' })
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
      staged.touch('basic-credential', row.organization, row.id)
    },

    async remove(organization, id) {
      const result = await db
        .deleteFrom('basic_credentials')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) throw new Problem('not_found')
      staged.remove('basic-credential', organization, id)
    },

    async removeAllOfConsumer(organization, consumer) {
      const gone = await db
        .deleteFrom('basic_credentials')
        .where('organization', '=', organization)
        .where('consumer', '=', consumer)
        .returning('id')
        .execute()
      for (const id of gone.map((row) => row.id).toSorted()) {
        staged.remove('basic-credential', organization, id)
      }
    },
  }
}
