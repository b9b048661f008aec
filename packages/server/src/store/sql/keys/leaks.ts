import type { KeyId, LeakSource } from '@sallyport/core'
import { createdPage } from '../../database/created-page.ts'
import type { Database } from '../../database/schema.ts'
import type { LeakReader, LeakRow, LeakWriter } from '../../port/keys/leaks.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    leaks: LeaksTable
  }
}

interface LeaksTable {
  organization: string
  id: string
  key_id: string
  environment: string | null
  secret_sequence: number
  source: string
  url: string
  /** 0 or 1. */
  live: number
  /** 0 or 1. */
  switched_off: number
  created_at: number
}

function leakRow(row: LeaksTable): LeakRow {
  return {
    organization: row.organization,
    id: row.id,
    key: row.key_id as KeyId,
    environment: row.environment,
    secretSequence: row.secret_sequence,
    source: row.source as LeakSource,
    url: row.url,
    live: row.live === 1,
    switchedOff: row.switched_off === 1,
    createdAtMs: row.created_at,
  }
}

export function leakReader(db: Database): LeakReader {
  const leaks = (organization: string) =>
    db.selectFrom('leaks').selectAll().where('organization', '=', organization)

  return {
    async get(organization, id) {
      const row = await leaks(organization).where('id', '=', id).executeTakeFirst()
      return row && leakRow(row)
    },

    async list(organization, page, { key, environment } = {}) {
      let query = leaks(organization)
      if (key !== undefined) query = query.where('key_id', '=', key)
      if (environment !== undefined) query = query.where('environment', '=', environment)
      const columns = { environment: 'environment' }
      return await createdPage(query, page, 'id', (rows) => rows.map(leakRow), columns, 'newest-first')
    },

    async ofKey(organization, key) {
      const rows = await leaks(organization)
        .where('key_id', '=', key)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(leakRow)
    },
  }
}

export function leakWriter(db: Database): LeakWriter {
  const reader = leakReader(db)
  return {
    ...reader,

    async insert(row, kept) {
      await db
        .insertInto('leaks')
        .values({
          organization: row.organization,
          id: row.id,
          key_id: row.key,
          environment: row.environment,
          secret_sequence: row.secretSequence,
          source: row.source,
          url: row.url,
          live: Number(row.live),
          switched_off: Number(row.switchedOff),
          created_at: row.createdAtMs,
        })
        .execute()
      const ids = (await reader.ofKey(row.organization, row.key)).map(({ id }) => id)
      if (ids.length <= kept) return
      await db
        .deleteFrom('leaks')
        .where('organization', '=', row.organization)
        .where('id', 'in', ids.slice(0, ids.length - kept))
        .execute()
    },
  }
}
