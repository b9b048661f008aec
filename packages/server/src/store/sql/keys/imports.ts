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
  UnfinishedImport,
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
/** Chunks that are removed at a time. 120,000 took 1.8 s, in which no other change could be made. */
const CHUNKS_REMOVED_MAX = 5_000
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
/** The states of imports that can have lines to work off, or to remove. */
const WITH_LINES: readonly ImportState[] = ['running', 'stopped', 'failed']

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

    async list(organization, page, { order, createdBy } = {}) {
      const all = db.selectFrom('imports').select(LISTED).where('organization', '=', organization)
      const query = createdBy === undefined ? all : all.where('created_by', '=', createdBy)
      return await createdPage(query, page, 'id', (rows) => rows.map(listedImport), {}, order)
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

export async function unfinishedImports(db: Database, limit: number): Promise<readonly UnfinishedImport[]> {
  const rows = await db
    .selectFrom('imports')
    .select(['organization', 'id', 'created_by'])
    .where('state', 'in', WITH_LINES)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'running'),
        eb.exists(
          eb
            .selectFrom('import_chunks')
            .select('bucket')
            .whereRef('import_chunks.organization', '=', 'imports.organization')
            .whereRef('import_chunks.import', '=', 'imports.id'),
        ),
      ]),
    )
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

  async function removeSomeChunks(organization: string, id: string): Promise<boolean> {
    const [last] = await chunks(organization, id)
      .select(['bucket', 'number'])
      .orderBy('bucket')
      .orderBy('number')
      .limit(1)
      .offset(CHUNKS_REMOVED_MAX - 1)
      .execute()
    const all = deletedChunks(organization, id)
    await (last === undefined ? all : all.where((eb) => compared(eb, '<=', last))).execute()
    return last !== undefined
  }

  function deletedChunks(organization: string, id: string) {
    return db.deleteFrom('import_chunks').where('organization', '=', organization).where('import', '=', id)
  }

  async function remove(organization: string, id: string): Promise<void> {
    await deletedChunks(organization, id).execute()
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
    removeSomeChunks,

    async removeChunks(organization, id, last) {
      await deletedChunks(organization, id)
        .where((eb) => compared(eb, '<=', last))
        .execute()
    },

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
      for (const { organization, id } of old) {
        if (await removeSomeChunks(organization, id)) return
        await remove(organization, id)
      }
    },
  }
}
