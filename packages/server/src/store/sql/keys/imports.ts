import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely'
import { requireDeleted, requireUpdated } from '../../database/affected-rows.ts'
import { createdPage } from '../../database/created-page.ts'
import { toJson } from '../../database/json-columns.ts'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database, Schema } from '../../database/schema.ts'
import type {
  ChunkPosition,
  ImportLine,
  ImportProblem,
  ImportReader,
  ImportRow,
  ImportState,
  ImportWriter,
  ListedImport,
  RunningImport,
} from '../../port/keys/imports.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    imports: ImportsTable
    import_chunks: ImportChunksTable
  }
}

interface ImportsTable {
  organization: string
  id: string
  state: string
  created_at: number
  created_by: string
  confirmed_at: number | null
  credential_ends_at: number | null
  line_count: number | null
  read_lines: number
  made: number
  problem_count: number
  problems_json: string
  ended_at: number | null
}

/** The lines of an import that are not worked off yet. */
interface ImportChunksTable {
  organization: string
  import: string
  bucket: number
  number: number
  lines_json: string
}

const CHUNK_COLUMNS = {
  organization: 'text',
  import: 'text',
  bucket: 'bigint',
  number: 'bigint',
  lines_json: 'text',
} as const satisfies Record<keyof ImportChunksTable, 'text' | 'bigint'>

/** Imports that are removed at a time; the next time removes more. */
const PRUNED_MAX = 100
const LISTED = [
  'organization',
  'id',
  'state',
  'created_at',
  'created_by',
  'confirmed_at',
  'credential_ends_at',
  'line_count',
  'read_lines',
  'made',
  'problem_count',
  'ended_at',
] as const
const UNDER_WAY: readonly ImportState[] = ['receiving', 'running']

function importRow(row: ImportsTable): ImportRow {
  return { ...listedImport(row), problems: JSON.parse(row.problems_json) as readonly ImportProblem[] }
}

function listedImport(row: Omit<ImportsTable, 'problems_json'>): ListedImport {
  return {
    organization: row.organization,
    id: row.id,
    state: row.state as ImportState,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    confirmedAtMs: row.confirmed_at,
    credentialEndsAtMs: row.credential_ends_at,
    lineCount: row.line_count,
    read: row.read_lines,
    made: row.made,
    problemCount: row.problem_count,
    endedAtMs: row.ended_at,
  }
}

function changeable(row: ImportRow) {
  return {
    state: row.state,
    line_count: row.lineCount,
    read_lines: row.read,
    made: row.made,
    problem_count: row.problemCount,
    problems_json: toJson(row.problems),
    ended_at: row.endedAtMs,
  }
}

export function importReader(db: Database): ImportReader {
  const imports = (organization: string) =>
    db.selectFrom('imports').selectAll().where('organization', '=', organization)

  return {
    async get(organization, id) {
      const row = await imports(organization).where('id', '=', id).executeTakeFirst()
      return row && importRow(row)
    },

    async list(organization, page, createdBy) {
      const all = db.selectFrom('imports').select(LISTED).where('organization', '=', organization)
      const query = createdBy === undefined ? all : all.where('created_by', '=', createdBy)
      return await createdPage(query, page, 'id', (rows) => rows.map(listedImport))
    },

    async countUnderWay(organization) {
      const { count } = await db
        .selectFrom('imports')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('organization', '=', organization)
        .where('state', 'in', UNDER_WAY)
        .executeTakeFirstOrThrow()
      return count
    },
  }
}

export async function runningImports(db: Database, limit: number): Promise<readonly RunningImport[]> {
  const rows = await db
    .selectFrom('imports')
    .select(['organization', 'id', 'created_by'])
    .where('state', '=', 'running')
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ organization, id, created_by }) => ({ organization, id, createdBy: created_by }))
}

function compared(
  eb: ExpressionBuilder<Schema, 'import_chunks'>,
  operator: '<=' | '>',
  { bucket, number }: ChunkPosition,
): Expression<SqlBool> {
  return eb(eb.refTuple('bucket', 'number'), operator, eb.tuple(bucket, number))
}

export function importWriter(db: Database, jsonRows: JsonRows): ImportWriter {
  const chunks = (organization: string, id: string) =>
    db.selectFrom('import_chunks').where('organization', '=', organization).where('import', '=', id)

  async function removeChunks(organization: string, id: string, last?: ChunkPosition): Promise<void> {
    const all = db
      .deleteFrom('import_chunks')
      .where('organization', '=', organization)
      .where('import', '=', id)
    await (last === undefined ? all : all.where((eb) => compared(eb, '<=', last))).execute()
  }

  async function remove(organization: string, id: string): Promise<void> {
    await removeChunks(organization, id)
    requireDeleted(
      await db
        .deleteFrom('imports')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst(),
    )
  }

  return {
    ...importReader(db),
    remove,
    removeChunks,

    async insert(row) {
      await db
        .insertInto('imports')
        .values({
          ...changeable(row),
          organization: row.organization,
          id: row.id,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          confirmed_at: row.confirmedAtMs,
          credential_ends_at: row.credentialEndsAtMs,
        })
        .execute()
    },

    async update(row) {
      requireUpdated(
        await db
          .updateTable('imports')
          .set(changeable(row))
          .where('organization', '=', row.organization)
          .where('id', '=', row.id)
          .executeTakeFirst(),
      )
    },

    async addChunks(organization, id, added) {
      const rows = added.map(({ bucket, number, lines }) => [organization, id, bucket, number, toJson(lines)])
      const columns = Object.keys(CHUNK_COLUMNS) as (keyof typeof CHUNK_COLUMNS)[]
      const names = sql.join(columns.map((column) => sql.ref(column)))
      // Not raw SQL as a whole, in which no table is recognized.
      await db
        .insertInto('import_chunks')
        .columns(columns)
        .expression(sql`select ${names} from ${jsonRows(JSON.stringify(rows), CHUNK_COLUMNS)}`)
        .execute()
    },

    async firstChunks(organization, id, limit, after) {
      const all = chunks(organization, id)
      const rows = await (after === undefined ? all : all.where((eb) => compared(eb, '>', after)))
        .select(['bucket', 'number', 'lines_json'])
        .orderBy('bucket')
        .orderBy('number')
        .limit(limit)
        .execute()
      return rows.map(({ bucket, number, lines_json }) => ({
        bucket,
        number,
        lines: JSON.parse(lines_json) as readonly ImportLine[],
      }))
    },

    async prune(endedBeforeMs, receivingSinceMs) {
      const old = await db
        .selectFrom('imports')
        .select(['organization', 'id'])
        .where((eb) =>
          eb.or([
            eb('ended_at', '<', endedBeforeMs),
            eb.and([eb('state', '=', 'receiving'), eb('created_at', '<', receivingSinceMs)]),
          ]),
        )
        .limit(PRUNED_MAX)
        .execute()
      for (const { organization, id } of old) await remove(organization, id)
    },
  }
}
