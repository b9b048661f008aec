import { requireDeleted } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import type { Database } from '../../database/schema.ts'
import type {
  ProviderLinkReader,
  ProviderLinkRow,
  ProviderLinkWriter,
} from '../../port/people/provider-links.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    provider_links: ProviderLinksTable
  }
}

interface ProviderLinksTable {
  person: string
  provider: string
  subject: string
  email: string | null
  created_at: number
}

export const PROVIDER_LINKS_CONSTRAINTS: UniqueConstraints = {
  provider_links_pkey: {
    table: 'provider_links',
    columns: ['person', 'provider'],
    detail: 'You have linked an account of this provider already. Unlink it first.',
  },
  provider_links_subject: {
    table: 'provider_links',
    columns: ['provider', 'subject'],
    detail: 'This account of the provider is linked already. Sign in with it, and unlink it there first.',
  },
}

function providerLinkRow(row: ProviderLinksTable): ProviderLinkRow {
  return {
    person: row.person,
    provider: row.provider,
    subject: row.subject,
    email: row.email,
    createdAtMs: row.created_at,
  }
}

export function providerLinkReader(db: Database): ProviderLinkReader {
  return {
    async bySubject(provider, subject) {
      const row = await db
        .selectFrom('provider_links')
        .selectAll()
        .where('provider', '=', provider)
        .where('subject', '=', subject)
        .executeTakeFirst()
      return row && providerLinkRow(row)
    },

    async ofPerson(person) {
      const rows = await db
        .selectFrom('provider_links')
        .selectAll()
        .where('person', '=', person)
        .orderBy('provider')
        .execute()
      return rows.map(providerLinkRow)
    },
  }
}

export function providerLinkWriter(db: Database): ProviderLinkWriter {
  return {
    ...providerLinkReader(db),

    async insert(row) {
      await db
        .insertInto('provider_links')
        .values({
          person: row.person,
          provider: row.provider,
          subject: row.subject,
          email: row.email,
          created_at: row.createdAtMs,
        })
        .execute()
    },

    async remove(person, provider) {
      requireDeleted(
        await db
          .deleteFrom('provider_links')
          .where('person', '=', person)
          .where('provider', '=', provider)
          .executeTakeFirst(),
      )
    },
  }
}
