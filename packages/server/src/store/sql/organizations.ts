import type { LeakReaction, OrganizationColor, OrganizationRecord, OwnerMailEvent } from '@sallyport/core'
import { requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { createdPage } from '../database/created-page.ts'
import { textsFromJson, toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { OrganizationReader, OrganizationRow, OrganizationWriter } from '../port/organizations.ts'
import { insertOwnerMailQueue } from './owner-mail-queues.ts'
import { quotaUsage } from './quota-usage.ts'

declare module '../database/schema.ts' {
  interface Schema {
    organizations: OrganizationsTable
  }
}

interface OrganizationsTable {
  slug: string
  name: string
  /** The id of a person. */
  founder: string | null
  /** 1 for the organization that the set-up created, then 2, 3, …; independent of the clock. */
  ordinal: number
  on_leak: string
  owner_mails_json: string
  color: string | null
  /** The revision of the change that removed the last environment that served when stale; null if none was removed. */
  served_until: number | null
  created_at: number
}

export const ORGANIZATIONS_CONSTRAINTS: UniqueConstraints = {
  organizations_pkey: {
    table: 'organizations',
    columns: ['slug'],
    detail: 'An organization with this slug already exists. Choose another slug.',
  },
}

export const ORGANIZATIONS_FEED = entityFeed({
  kind: 'organization',
  keyColumns: ['slug', 'slug'],
  select: (db) => db.selectFrom('organizations').select('slug'),
  record: (row): OrganizationRecord => ({ kind: 'organization', slug: row.slug }),
})

function organizationRow(row: OrganizationsTable): OrganizationRow {
  return {
    slug: row.slug,
    name: row.name,
    founder: row.founder,
    onLeak: row.on_leak as LeakReaction,
    ownerMails: textsFromJson(row.owner_mails_json) as readonly OwnerMailEvent[],
    color: row.color as OrganizationColor | null,
    createdAtMs: row.created_at,
  }
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

    async named(slugs) {
      if (slugs.length === 0) return []
      const rows = await db
        .selectFrom('organizations')
        .selectAll()
        .where('slug', 'in', slugs)
        .orderBy('slug')
        .execute()
      return rows.map(organizationRow)
    },

    async countFounded(person) {
      const { founded } = await db
        .selectFrom('organizations')
        .select((eb) => eb.fn.countAll<number>().as('founded'))
        .where('founder', '=', person)
        .executeTakeFirstOrThrow()
      return founded
    },

    async list(page) {
      const query = db.selectFrom('organizations').selectAll()
      return await createdPage(query, page, 'slug', (rows) => rows.map(organizationRow))
    },

    quotaUsage: (slug) => quotaUsage(db, slug),
  }
}

export function organizationWriter(db: Database, staged: StagedChange): OrganizationWriter {
  const set = async (
    slug: string,
    values: Partial<Pick<OrganizationsTable, 'name' | 'on_leak' | 'owner_mails_json' | 'color'>>,
  ): Promise<void> =>
    requireUpdated(
      await db.updateTable('organizations').set(values).where('slug', '=', slug).executeTakeFirst(),
    )

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
          founder: row.founder,
          ordinal: (newest?.ordinal ?? 0) + 1,
          on_leak: row.onLeak,
          owner_mails_json: toJson(row.ownerMails),
          color: row.color,
          served_until: null,
          created_at: row.createdAtMs,
        })
        .execute()
      await insertOwnerMailQueue(db, row.slug)
      staged.upsert(ORGANIZATIONS_FEED, row.slug, row.slug)
    },

    // Gateways know an organization only by its slug, so nothing is staged.
    rename: async (slug, name) => await set(slug, { name }),
    setColor: async (slug, color) => await set(slug, { color }),
    setOnLeak: async (slug, onLeak) => await set(slug, { on_leak: onLeak }),
    setOwnerMails: async (slug, ownerMails) => await set(slug, { owner_mails_json: toJson(ownerMails) }),
  }
}
