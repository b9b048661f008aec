import type { KeyId } from '@sallyport/core'
import type { Schema } from '../../packages/server/src/store/database/schema.ts'
import { migrate, MIGRATIONS } from '../../packages/server/src/store/migrations/migrate.ts'
import { openPostgres } from '../../packages/server/src/store/postgres/open.ts'
import type { Backend } from '../../packages/server/src/store/sql/backend.ts'
import { openSqlite } from '../../packages/server/src/store/sqlite/open.ts'
import { CREATED_AT_MS, ORGANIZATION } from './records.ts'

/** The store that lists of keys are measured on: a file, or the URL of a PostgreSQL database. */
export interface ListedStore {
  readonly kind: 'sqlite' | 'postgres'
  readonly location: string
}

/** When the lists are read. Keys were created in the two years before. */
export const LISTED_AT_MS = CREATED_AT_MS
export const DAY_MS = 24 * 60 * 60 * 1000
/** Rows per statement: SQLite takes 32,766 values. */
const BATCH = 2_000
/** The migration that makes the index of keys. */
const INDEXED = 15
const WORDS = ['mobile', 'web', 'batch', 'orders', 'billing', 'partner', 'report', 'import', 'sync', 'edge']
const ENVIRONMENTS = ['test', 'prod', 'stage']

type Value = string | number | null

const KEY_COLUMNS = [
  'organization',
  'id',
  'name',
  'type',
  'environment',
  'consumer',
  'roles_json',
  'active',
  'created_at',
  'expires_at',
  'deleted_at',
  'created_by',
  'address_rules_json',
  'rate_limits_json',
]
const SECRET_COLUMNS = ['organization', 'key_id', 'sequence', 'digest', 'hint', 'created_at', 'expires_at']
const USE_COLUMNS = ['organization', 'key_id', 'sequence', 'requests', 'last_used_at', 'last_used_address']

/** A number from 0 to 1 that depends on two others only. */
function chance(number: number, salt: number): number {
  return (Math.imul((number + 1) * 2_654_435_761 + salt * 40_503, 2_246_822_519) >>> 8) / 2 ** 24
}

export function listedKeyId(number: number): KeyId {
  const digits = Math.floor(chance(number, 1) * 36 ** 4).toString(36)
  return `key_${digits.padStart(4, '0')}${String(number).padStart(12, '0')}`
}

export function listedConsumerId(number: number): string {
  return `con_${String(number).padStart(16, '0')}`
}

function pick<T>(values: readonly T[], share: number): T {
  return values[Math.floor(share * values.length)] as T
}

function keyOf(number: number): readonly Value[] {
  const at = (salt: number): number => chance(number, salt)
  const createdAt = LISTED_AT_MS - Math.floor(at(2) * 730 * DAY_MS)
  const environment = at(3) < 0.05 ? null : pick(ENVIRONMENTS, at(4) ** 2)
  const roles =
    at(5) < 0.3 ? ['invoker'] : at(5) < 0.31 ? ['developer'] : number % 200_000 === 0 ? ['owner'] : []
  return [
    ORGANIZATION,
    listedKeyId(number),
    `${pick(WORDS, at(6))} ${pick(WORDS, at(7))} ${number % 5000}`,
    at(8) < 0.01 ? 'public' : 'secret',
    environment,
    environment === null || at(9) < 0.2 ? null : listedConsumerId(Math.floor(number / 10)),
    JSON.stringify(roles),
    at(10) < 0.03 ? 0 : 1,
    createdAt,
    at(11) < 0.4 ? createdAt + Math.floor(at(12) * 1000 * DAY_MS) : null,
    at(13) < 0.1 ? createdAt + 1 : null,
  ]
}

/** Half a percent of the keys are rolling. */
function isRolling(number: number): boolean {
  return chance(number, 14) < 0.005
}

function secretsOf(number: number): readonly (readonly Value[])[] {
  const id = listedKeyId(number)
  const secret = (sequence: number, endsAt: number | null): readonly Value[] => [
    ORGANIZATION,
    id,
    sequence,
    `${sequence}${String(number).padStart(63, '0')}`,
    `sp_sk_${id.slice(4)}_…${Math.floor(chance(number, 15) * 36 ** 4)
      .toString(36)
      .padStart(4, '0')}`,
    LISTED_AT_MS - DAY_MS,
    endsAt,
  ]
  return isRolling(number) ? [secret(1, LISTED_AT_MS + DAY_MS), secret(2, null)] : [secret(1, null)]
}

function usesOf(number: number): readonly (readonly Value[])[] {
  if (chance(number, 16) < 0.3) return []
  const lastUsedAt = LISTED_AT_MS - Math.floor(chance(number, 17) ** 4 * 700 * DAY_MS)
  return [[ORGANIZATION, listedKeyId(number), 1, 5, lastUsedAt, null]]
}

export async function openListed({ kind, location }: ListedStore): Promise<Backend> {
  return kind === 'sqlite' ? await openSqlite(location) : openPostgres(location)
}

/** Makes a store with keys as the version before the index of keys had them. */
export async function fillListedStore(store: ListedStore, keys: number): Promise<void> {
  await using backend = await openListed(store)
  const older = MIGRATIONS.filter(({ number }) => number < INDEXED)
  await migrate(backend.migrator, backend.columnTypes, () => LISTED_AT_MS, older)
  const insert = async (
    table: keyof Schema,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> => {
    for (let start = 0; start < rows.length; start += BATCH) {
      const values = rows
        .slice(start, start + BATCH)
        .map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])))
      await backend.counter.insertInto(table).values(values).execute()
    }
  }
  await insert(
    'organizations',
    ['slug', 'name', 'ordinal', 'created_at'],
    [[ORGANIZATION, ORGANIZATION, 1, LISTED_AT_MS]],
  )
  await insert(
    'environments',
    ['organization', 'name', 'created_at', 'position'],
    ENVIRONMENTS.map((name, position) => [ORGANIZATION, name, LISTED_AT_MS, position]),
  )
  await insert(
    'consumers',
    ['organization', 'id', 'environment', 'name', 'active', 'created_at', 'created_by'],
    Array.from({ length: Math.ceil(keys / 10) }, (_, number) => [
      ORGANIZATION,
      listedConsumerId(number),
      'prod',
      `consumer ${number}`,
      1,
      LISTED_AT_MS,
      'setup',
    ]),
  )
  for (let first = 0; first < keys; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, keys - first) }, (_, index) => first + index)
    await insert(
      'keys',
      KEY_COLUMNS,
      numbers.map((number) => [...keyOf(number), 'setup', '[]', '[]']),
    )
    await insert('secrets', SECRET_COLUMNS, numbers.flatMap(secretsOf))
    await insert('secret_usage', USE_COLUMNS, numbers.flatMap(usesOf))
  }
}
