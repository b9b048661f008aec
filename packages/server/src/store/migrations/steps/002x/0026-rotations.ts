import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Keys that roll on a schedule. */
export const rotations: Migration = {
  number: 26,
  name: 'rotations',
  async up(db, { name, text, integer, tableEnd }) {
    await table(
      db,
      'rotations',
      {
        organization: name,
        key_id: name,
        every_days: integer,
        webhook: name,
        url_digest: text,
        updated_at: integer,
        updated_by: text,
        failures: integer,
      },
      {
        hand_over_hours: integer,
        problem: name,
        problem_at: integer,
        rotated_at: integer,
        pending_sequence: integer,
        pending_sealed: text,
        pending_since: integer,
        pending_until: integer,
        pending_hand_over: name,
        pending_subject: name,
      },
    )
      .addPrimaryKeyConstraint('rotations_pkey', ['organization', 'key_id'])
      .addForeignKeyConstraint('rotations_key', ['organization', 'key_id'], 'keys', ['organization', 'id'])
      .modifyEnd(tableEnd)
      .execute()
    // Apart from what people set, because looking at it is no change of it.
    await table(db, 'rotation_looks', { organization: name, key_id: name, due_at: integer })
      .addPrimaryKeyConstraint('rotation_looks_pkey', ['organization', 'key_id'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema.createIndex('rotation_looks_due').on('rotation_looks').column('due_at').execute()
    await db.schema
      .createIndex('rotations_pending')
      .on('rotations')
      .columns(['organization', 'pending_subject'])
      .execute()
    await db.schema
      .createIndex('webhook_deliveries_of_subject')
      .on('webhook_deliveries')
      .columns(['organization', 'webhook', 'subject', 'sequence'])
      .execute()
  },
}
