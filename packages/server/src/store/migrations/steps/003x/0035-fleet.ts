import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Gateways without a database: their enrolment, the control nodes that they are attached to, and what they have reported. */
export const fleet: Migration = {
  number: 35,
  name: 'fleet',
  async up(db, { name, text, integer, tableEnd }) {
    await table(db, 'enrolment_tokens', {
      digest: name,
      name: text,
      role: text,
      uses_left: integer,
      created_at: integer,
      expires_at: integer,
    })
      .addPrimaryKeyConstraint('enrolment_tokens_pkey', ['digest'])
      .modifyEnd(tableEnd)
      .execute()
    await table(db, 'enrolled_gateways', {
      id: name,
      name: text,
      role: text,
      credential_digest: name,
      enrolled_at: integer,
      node: name,
      attachment: integer,
      is_past: integer,
      revision: integer,
      hash: text,
      seen_at: integer,
      facts_json: text,
    })
      .addPrimaryKeyConstraint('enrolled_gateways_pkey', ['id'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('enrolled_gateways_credential')
      .unique()
      .on('enrolled_gateways')
      .column('credential_digest')
      .execute()
    await table(db, 'control_nodes', { id: name, renewal: integer, lease_ms: integer, seen_at: integer })
      .addPrimaryKeyConstraint('control_nodes_pkey', ['id'])
      .modifyEnd(tableEnd)
      .execute()
  },
}
