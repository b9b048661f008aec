import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Sessions in which a consumer's people see and change the keys of that consumer. */
export const portalSessions: Migration = {
  number: 23,
  name: 'portal-sessions',
  async up(db, { name, text, integer, tableEnd }) {
    await table(
      db,
      'portal_sessions',
      {
        organization: name,
        id: name,
        consumer_id: name,
        environment: name,
        scopes_json: text,
        state: name,
        link_digest: name,
        created_at: integer,
        created_by: text,
        expires_at: integer,
      },
      {
        return_url: text,
        token_digest: name,
        opened_at: integer,
        opener_address: text,
        opener_user_agent: text,
        ended_at: integer,
      },
    )
      .addPrimaryKeyConstraint('portal_sessions_pkey', ['organization', 'id'])
      .modifyEnd(tableEnd)
      .execute()
    const index = async (suffix: string, columns: readonly string[]): Promise<void> => {
      await db.schema
        .createIndex(`portal_sessions_${suffix}`)
        .on('portal_sessions')
        .columns([...columns])
        .execute()
    }
    await index('by_link', ['link_digest'])
    await index('by_token', ['token_digest'])
    await index('by_id', ['id'])
    await index('list', ['organization', 'created_at', 'id'])
    await index('of_consumer', ['organization', 'consumer_id', 'expires_at'])
    await index('by_expiry', ['expires_at'])
  },
}
