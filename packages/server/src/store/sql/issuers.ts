import { Problem } from '@sallyport/core'
import { jwksFromJson, textsFromJson, toJson } from '../database/json-columns.ts'
import type { IssuerReader, IssuerRow, IssuerWriter } from '../port/issuers.ts'
import type { Database, IssuerTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import type { StagedChange } from '../feed/staged-change.ts'

function issuerRow(row: IssuerTable): IssuerRow {
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
      staged.touch('issuer', row.organization, row.id)
    },

    async remove(organization, id) {
      const result = await db
        .deleteFrom('issuers')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) throw new Problem('not_found')
      staged.remove('issuer', organization, id)
    },
  }
}
