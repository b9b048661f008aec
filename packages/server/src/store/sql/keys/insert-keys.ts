import { sql } from 'kysely'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database, Schema } from '../../database/schema.ts'
import type { KeyRow } from '../../port/keys.ts'
import { expiryDeadlines } from './key-deadlines.ts'
import { keyColumns } from './key-columns.ts'

type Types = Readonly<Record<string, 'text' | 'bigint'>>

const KEY_COLUMNS = {
  organization: 'text',
  id: 'text',
  name: 'text',
  type: 'text',
  environment: 'text',
  consumer: 'text',
  roles_json: 'text',
  active: 'bigint',
  created_at: 'bigint',
  created_by: 'text',
  expires_at: 'bigint',
  deleted_at: 'bigint',
  address_rules_json: 'text',
  rate_limits_json: 'text',
  labels_json: 'text',
  public_tokens_json: 'text',
} as const satisfies Record<keyof ReturnType<typeof keyColumns>, 'text' | 'bigint'>

const SECRET_COLUMNS = {
  organization: 'text',
  key_id: 'text',
  sequence: 'bigint',
  digest: 'text',
  hint: 'text',
  created_at: 'bigint',
  expires_at: 'bigint',
} as const
const HOLDER_COLUMNS = {
  organization: 'text',
  role: 'text',
  kind: 'text',
  holder: 'text',
  environment: 'text',
} as const
const DEADLINE_COLUMNS = { organization: 'text', key_id: 'text', kind: 'text', due_at: 'bigint' } as const

/** Inserts keys, none of them deleted, with everything that is kept beside each. */
export async function insertKeys(db: Database, rows: readonly KeyRow[], jsonRows: JsonRows): Promise<void> {
  const insert = async (
    table: keyof Schema,
    types: Types,
    values: readonly Readonly<Record<string, unknown>>[],
  ): Promise<void> => {
    if (values.length === 0) return
    const columns = Object.keys(types)
    const json = JSON.stringify(values.map((value) => columns.map((column) => value[column])))
    const names = sql.join(columns.map((column) => sql.ref(column)))
    await sql`insert into ${sql.table(table)} (${names}) select ${names} from ${jsonRows(json, types)}`.execute(
      db,
    )
  }
  // Sent together, in the order of the references between them.
  await Promise.all([
    insert('keys', KEY_COLUMNS, rows.map(keyColumns)),
    insert(
      'secrets',
      SECRET_COLUMNS,
      rows.flatMap(({ organization, id, secrets }) =>
        secrets.map(({ sequence, digest, hint, createdAtMs, expiresAtMs }) => ({
          organization,
          key_id: id,
          sequence,
          digest,
          hint,
          created_at: createdAtMs,
          expires_at: expiresAtMs,
        })),
      ),
    ),
    insert(
      'role_holders',
      HOLDER_COLUMNS,
      rows.flatMap(({ organization, id, environment, roles }) =>
        [...new Set(roles)].map((role) => ({ organization, role, kind: 'key', holder: id, environment })),
      ),
    ),
    insert(
      'key_deadlines',
      DEADLINE_COLUMNS,
      rows.flatMap(({ organization, id, expiresAtMs }) =>
        expiryDeadlines(expiresAtMs).map(({ kind, dueAtMs }) => ({
          organization,
          key_id: id,
          kind,
          due_at: dueAtMs,
        })),
      ),
    ),
  ])
}
