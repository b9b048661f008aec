import type { IssuerRecord } from '@sallyport/core'
import { requireDeleted } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import { jwksFromJson, textsFromJson, toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { IssuerReader, IssuerRow, IssuerWriter } from '../port/issuers.ts'

declare module '../database/schema.ts' {
  interface Schema {
    issuers: IssuersTable
  }
}

/** Exactly one of `jwks_url` and `jwks_json` is null. */
interface IssuersTable {
  organization: string
  id: string
  environment: string
  issuer: string
  audiences_json: string
  jwks_url: string | null
  jwks_json: string | null
  created_at: number
  created_by: string
}

export const ISSUERS_CONSTRAINTS: UniqueConstraints = {
  issuers_issuer: {
    table: 'issuers',
    columns: ['organization', 'environment', 'issuer'],
    detail:
      'The environment already trusts this issuer. Remove it first if you want to change how it is trusted.',
  },
}

export const ISSUERS_FEED = entityFeed({
  kind: 'issuer',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db
      .selectFrom('issuers')
      .select(['organization', 'environment', 'id', 'issuer', 'audiences_json', 'jwks_url', 'jwks_json']),
  record: (row): IssuerRecord => ({
    kind: 'issuer',
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    issuer: row.issuer,
    audiences: textsFromJson(row.audiences_json),
    jwksUrl: row.jwks_url,
    jwks: jwksFromJson(row.jwks_json),
  }),
})

function issuerRow(row: IssuersTable): IssuerRow {
  return {
    organization: row.organization,
    environment: row.environment,
    id: row.id,
    issuer: row.issuer,
    audiences: textsFromJson(row.audiences_json),
    jwksUrl: row.jwks_url,
    jwks: jwksFromJson(row.jwks_json),
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

export function issuerReader(db: Database): IssuerReader {
  return {
    async get(organization, id) {
      const row = await db
        .selectFrom('issuers')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && issuerRow(row)
    },

    async list(organization, environment, page) {
      const query = db
        .selectFrom('issuers')
        .selectAll()
        .where('organization', '=', organization)
        .where('environment', '=', environment)
      return await createdPage(query, page, 'id', (rows) => rows.map(issuerRow))
    },

    async countOfEnvironment(organization, environment) {
      const row = await db
        .selectFrom('issuers')
        .select((eb) => eb.fn.countAll<number>().as('issuers'))
        .where('organization', '=', organization)
        .where('environment', '=', environment)
        .executeTakeFirstOrThrow()
      return row.issuers
    },
  }
}

export function issuerWriter(db: Database, staged: StagedChange): IssuerWriter {
  return {
    ...issuerReader(db),

    async insert(row) {
      await db
        .insertInto('issuers')
        .values({
          organization: row.organization,
          id: row.id,
          environment: row.environment,
          issuer: row.issuer,
          audiences_json: toJson(row.audiences),
          jwks_url: row.jwksUrl,
          jwks_json: row.jwks === null ? null : toJson(row.jwks),
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      staged.upsert(ISSUERS_FEED, row.organization, row.id)
    },

    async remove(organization, id) {
      requireDeleted(
        await db
          .deleteFrom('issuers')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      staged.remove(ISSUERS_FEED, organization, id)
    },
  }
}
