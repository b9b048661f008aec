import { keySection, keyTerms, type KeyType, nameOrder, rollingUntilMs } from '@sallyport/core'
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Keys per query. */
const BATCH = 1_000
/** The place of a key without expiry. */
const NEVER_MS = Number.MAX_SAFE_INTEGER
/** The place of a key that was never used is its creation, minus this. */
const NEVER_USED_OFFSET = 2 ** 52

/** The tables that this migration reads, as they are at its time. */
interface KeysTable {
  organization: string
  id: string
  name: string
  type: KeyType
  environment: string | null
  consumer: string | null
  roles_json: string
  active: number
  created_at: number
  expires_at: number | null
  deleted_at: number | null
}

interface SecretsTable {
  organization: string
  key_id: string
  sequence: number
  hint: string
  expires_at: number | null
}

interface SecretUsageTable {
  organization: string
  key_id: string
  sequence: number
  last_used_at: number
}

async function createTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'key_index', {
    organization: name,
    id: name,
    section: name,
    created_at: integer,
    expires_at: integer,
    rolling_until: integer,
    name_order: name,
    terms: text,
  })
    .addPrimaryKeyConstraint('key_index_pkey', ['organization', 'id'])
    .modifyEnd(tableEnd)
    .execute()
  // No foreign key starts here, so counting never waits for a writer.
  await table(db, 'key_last_uses', { organization: name, id: name, section: name, use_order: integer })
    .addPrimaryKeyConstraint('key_last_uses_pkey', ['organization', 'id'])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'key_terms', { organization: name, section: name, term: name, id: name })
    .addPrimaryKeyConstraint('key_terms_pkey', ['organization', 'section', 'term', 'id'])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'key_counts', { organization: name, section: name, keys: integer })
    .addPrimaryKeyConstraint('key_counts_pkey', ['organization', 'section'])
    .modifyEnd(tableEnd)
    .execute()
}

/** Indexes of the order of each list. They are made after the rows, which is faster. */
async function createIndexes(db: Kysely<unknown>): Promise<void> {
  for (const [name, on, place] of [
    ['key_index_created', 'key_index', 'created_at'],
    ['key_index_expires', 'key_index', 'expires_at'],
    ['key_index_name', 'key_index', 'name_order'],
    ['key_last_uses_order', 'key_last_uses', 'use_order'],
  ] as const) {
    await db.schema.createIndex(name).on(on).columns(['organization', 'section', place, 'id']).execute()
  }
  await sql`
    create index key_index_rolling on key_index (organization, section, rolling_until, id) where rolling_until > 0
  `.execute(db)
  // Lists were in this order only.
  await db.schema.dropIndex('keys_created').execute()
}

async function fillTables(untyped: Kysely<unknown>, { jsonRows }: ColumnTypes): Promise<void> {
  const db = untyped.withTables<{ keys: KeysTable; secrets: SecretsTable; secret_usage: SecretUsageTable }>()
  let last = { organization: '', id: '' }
  for (;;) {
    const keys = await db
      .selectFrom('keys')
      .select(['organization', 'id', 'name', 'type', 'environment', 'consumer', 'roles_json', 'active'])
      .select(['created_at', 'expires_at', 'deleted_at'])
      .where(sql<boolean>`(organization, id) > (${last.organization}, ${last.id})`)
      .orderBy('organization')
      .orderBy('id')
      .limit(BATCH)
      .execute()
    const newest = keys.at(-1)
    if (newest === undefined) return
    // By ids: PostgreSQL takes a range of pairs for a large part of the table, and would read all of it each time.
    const secrets = await db
      .selectFrom('keys')
      .innerJoin('secrets', (join) =>
        join.onRef('secrets.organization', '=', 'keys.organization').onRef('secrets.key_id', '=', 'keys.id'),
      )
      .leftJoin('secret_usage', (join) =>
        join
          .onRef('secret_usage.organization', '=', 'secrets.organization')
          .onRef('secret_usage.key_id', '=', 'secrets.key_id')
          .onRef('secret_usage.sequence', '=', 'secrets.sequence'),
      )
      .select(['secrets.key_id', 'secrets.hint', 'secrets.expires_at', 'secret_usage.last_used_at'])
      .where(
        'keys.id',
        'in',
        keys.map(({ id }) => id),
      )
      .execute()
    const secretsOf = Map.groupBy(secrets, ({ key_id }) => key_id)
    const entries = keys.map((key) => entryOf(key, secretsOf.get(key.id) ?? []))
    const { organization, section, id } = { organization: 'text', section: 'text', id: 'text' } as const
    const index = jsonRows(JSON.stringify(entries.map((entry) => entry.index)), {
      organization,
      id,
      section,
      created_at: 'bigint',
      expires_at: 'bigint',
      rolling_until: 'bigint',
      name_order: 'text',
      terms: 'text',
    })
    await sql`insert into key_index select * from ${index}`.execute(db)
    const uses = jsonRows(JSON.stringify(entries.map((entry) => entry.use)), {
      organization,
      id,
      section,
      use_order: 'bigint',
    })
    await sql`insert into key_last_uses select * from ${uses}`.execute(db)
    const terms = jsonRows(JSON.stringify(entries.flatMap((entry) => entry.terms)), {
      organization,
      section,
      term: 'text',
      id,
    })
    await sql`insert into key_terms select * from ${terms}`.execute(db)
    last = newest
  }
}

function entryOf(
  key: KeysTable,
  secrets: readonly {
    readonly hint: string
    readonly expires_at: number | null
    readonly last_used_at: number | null
  }[],
) {
  const { organization, id, created_at } = key
  const section = keySection({ ...key, active: key.active === 1, isDeleted: key.deleted_at !== null })
  const terms = keyTerms({
    ...key,
    roles: JSON.parse(key.roles_json) as readonly string[],
    hints: secrets.map(({ hint }) => hint),
  })
  const uses = secrets.flatMap(({ last_used_at }) => last_used_at ?? [])
  return {
    index: [
      organization,
      id,
      section,
      created_at,
      key.expires_at ?? NEVER_MS,
      rollingUntilMs(secrets.map(({ expires_at }) => expires_at)),
      nameOrder(key.name),
      ` ${terms.join(' ')} `,
    ],
    use: [organization, id, section, uses.length === 0 ? created_at - NEVER_USED_OFFSET : Math.max(...uses)],
    terms: terms.map((term) => [organization, section, term, id]),
  }
}

/** What lists of keys search, filter, order and count by. */
export const keyLists: Migration = {
  number: 15,
  name: 'key-lists',
  async up(db, types) {
    await createTables(db, types)
    await fillTables(db, types)
    await createIndexes(db)
    await sql`
      insert into key_counts (organization, section, keys)
      select organization, section, count(*) from key_index group by organization, section
    `.execute(db)
  },
}
