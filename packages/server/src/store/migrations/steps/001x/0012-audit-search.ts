import { sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** The characters of a resource and of a kind: what follows them is a dot or a slash. */
const WORD_CHARS = 'abcdefghijklmnopqrstuvwxyz-'

/** The beginning of a text, up to the first other character. Both databases have these functions. */
function firstWord(column: string): string {
  return `substr(${column}, 1, length(${column}) - length(ltrim(${column}, '${WORD_CHARS}')))`
}

/**
 * What finds events, by the name of the index. The next page starts at a time and a sequence. Without a constant before the
 * time, SQLite would prefer the first index to that of a fact for a period with two ends.
 */
const INDEXES: Readonly<Record<string, string>> = {
  audit_events_time: '(sequence * 0)',
  audit_events_actor: 'actor',
  audit_events_action: 'action',
  audit_events_resource: `(${firstWord('action')})`,
  audit_events_target: 'target',
  audit_events_kind: `(${firstWord('target')})`,
}

/** Indexes that find audit events by each of their facts, the newest first, and signed checkpoints of the chains. */
export const auditSearch: Migration = {
  number: 12,
  name: 'audit-search',
  async up(db, types) {
    for (const [name, fact] of Object.entries(INDEXES)) {
      const columns = sql.raw(`organization, ${fact}, happened_at, sequence`)
      await sql`create index ${sql.id(name)} on audit_events (${columns})`.execute(db)
    }
    const { name, text, integer, tableEnd } = types
    await table(db, 'audit_checkpoints', {
      organization: name,
      sequence: integer,
      hash: text,
      signed_at: integer,
      key_id: name,
      signature: text,
    })
      .addPrimaryKeyConstraint('audit_checkpoints_pkey', ['organization', 'sequence'])
      .addForeignKeyConstraint('audit_checkpoints_organization', ['organization'], 'organizations', ['slug'])
      .modifyEnd(tableEnd)
      .execute()
    await table(db, 'audit_keys', {
      number: integer,
      id: name,
      public_key: text,
      sealed_private_key: text,
      created_at: integer,
    })
      .addPrimaryKeyConstraint('audit_keys_pkey', ['number'])
      .modifyEnd(tableEnd)
      .execute()
  },
}
