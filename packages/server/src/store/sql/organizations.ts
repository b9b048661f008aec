import type { OrganizationReader, OrganizationRow, OrganizationWriter } from '../port/organizations.ts'
import type { Database, OrganizationTable } from '../database/schema.ts'
import { createdPage } from '../database/created-page.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import { mustTouch } from '../database/affected-rows.ts'

function organizationRow(row: OrganizationTable): OrganizationRow {
  return { slug: row.slug, name: row.name, createdAtMs: row.created_at }
}

export function organizationReader(db: Database): OrganizationReader {
  return {
    async get(slug) {
      const row = await db.selectFrom('organizations').selectAll().where('slug', '=', slug).executeTakeFirst()
      return row && organizationRow(row)
    },

    async first() {
      const row = await db.selectFrom('organizations').selectAll().where('ordinal', '=', 1).executeTakeFirst()
      return row && organizationRow(row)
    },

    async list(page) {
      const query = db.selectFrom('organizations').selectAll()
      return await createdPage(query, page, 'slug', (rows) => rows.map(organizationRow))
    },
  }
}

export function organizationWriter(db: Database, staged: StagedChange): OrganizationWriter {
  return {
    ...organizationReader(db),

    async insert(row) {
      const newest = await db
        .selectFrom('organizations')
        .select((eb) => eb.fn.max('ordinal').as('ordinal'))
        .executeTakeFirst()
      await db
        .insertInto('organizations')
        .values({
          slug: row.slug,
          name: row.name,
          ordinal: (newest?.ordinal ?? 0) + 1,
          created_at: row.createdAtMs,
        })
        .execute()
      staged.touch('organization', row.slug, row.slug)
    },

    async rename(slug, name) {
      // Gateways know an organization by its slug alone, so they are not told.
      mustTouch(
        await db.updateTable('organizations').set({ name }).where('slug', '=', slug).executeTakeFirst(),
      )
    },
  }
}
