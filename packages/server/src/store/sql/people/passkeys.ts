import { requireDeleted, requireUpdated } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import { textsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import type { PasskeyReader, PasskeyRow, PasskeyWriter } from '../../port/people/passkeys.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    passkeys: PasskeysTable
  }
}

interface PasskeysTable {
  person: string
  id: string
  credential_id: string
  name: string
  public_key: string
  sign_count: number
  /** 0 or 1. */
  backup_eligible: number
  transports_json: string
  created_at: number
  last_used_at: number | null
}

export const PASSKEYS_CONSTRAINTS: UniqueConstraints = {
  passkeys_credential: {
    table: 'passkeys',
    columns: ['credential_id'],
    detail: 'This passkey is registered already. Sign in with it, or make another one.',
  },
}

function passkeyRow(row: PasskeysTable): PasskeyRow {
  return {
    person: row.person,
    id: row.id,
    credentialId: row.credential_id,
    name: row.name,
    publicKey: row.public_key,
    signCount: row.sign_count,
    backupEligible: row.backup_eligible === 1,
    transports: textsFromJson(row.transports_json),
    createdAtMs: row.created_at,
    lastUsedAtMs: row.last_used_at,
  }
}

/** The columns that an update replaces. */
function changeable(row: PasskeyRow) {
  return { name: row.name, sign_count: row.signCount, last_used_at: row.lastUsedAtMs }
}

export function passkeyReader(db: Database): PasskeyReader {
  const all = db.selectFrom('passkeys').selectAll()

  return {
    async get(person, id) {
      const row = await all.where('person', '=', person).where('id', '=', id).executeTakeFirst()
      return row && passkeyRow(row)
    },

    async byCredential(credentialId) {
      const row = await all.where('credential_id', '=', credentialId).executeTakeFirst()
      return row && passkeyRow(row)
    },

    async ofPerson(person) {
      const rows = await all.where('person', '=', person).orderBy('created_at').orderBy('id').execute()
      return rows.map(passkeyRow)
    },
  }
}

export function passkeyWriter(db: Database): PasskeyWriter {
  return {
    ...passkeyReader(db),

    async insert(row) {
      await db
        .insertInto('passkeys')
        .values({
          ...changeable(row),
          person: row.person,
          id: row.id,
          credential_id: row.credentialId,
          public_key: row.publicKey,
          backup_eligible: row.backupEligible ? 1 : 0,
          transports_json: toJson(row.transports),
          created_at: row.createdAtMs,
        })
        .execute()
    },

    async update(row) {
      requireUpdated(
        await db
          .updateTable('passkeys')
          .set(changeable(row))
          .where('person', '=', row.person)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
    },

    async remove(person, id) {
      requireDeleted(
        await db.deleteFrom('passkeys').where('person', '=', person).where('id', '=', id).executeTakeFirst(),
      )
    },
  }
}
