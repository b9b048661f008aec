import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Links that show the token of a key once. */
export const handOvers: Migration = {
  number: 17,
  name: 'hand-overs',
  async up(db, { name, text, integer, tableEnd }) {
    await table(
      db,
      'hand_overs',
      {
        organization: name,
        id: name,
        key_id: name,
        secret_sequence: integer,
        state: name,
        proof_digest: text,
        created_at: integer,
        created_by: text,
        expires_at: integer,
      },
      {
        environment: name,
        sealed: text,
        ended_at: integer,
        opener_address: text,
        opener_user_agent: text,
      },
    )
      .addPrimaryKeyConstraint('hand_overs_pkey', ['organization', 'id'])
      .addForeignKeyConstraint('hand_overs_key', ['organization', 'key_id'], 'keys', ['organization', 'id'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema.createIndex('hand_overs_by_id').on('hand_overs').columns(['id']).execute()
    await db.schema
      .createIndex('hand_overs_list')
      .on('hand_overs')
      .columns(['organization', 'created_at', 'id'])
      .execute()
    await db.schema
      .createIndex('hand_overs_of_key')
      .on('hand_overs')
      .columns(['organization', 'state', 'key_id'])
      .execute()
    await db.schema
      .createIndex('hand_overs_by_expiry')
      .on('hand_overs')
      .columns(['state', 'expires_at'])
      .execute()
  },
}
