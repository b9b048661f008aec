import type { UniqueConstraints } from '../../database/conflicts.ts'
import type { Database } from '../../database/schema.ts'
import type { TicketPurpose, TicketReader, TicketRow, TicketWriter } from '../../port/people/tickets.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    tickets: TicketsTable
  }
}

interface TicketsTable {
  digest: string
  purpose: TicketPurpose
  person: string | null
  sealed: string
  expires_at: number
}

export const TICKETS_CONSTRAINTS: UniqueConstraints = {
  tickets_pkey: { table: 'tickets', columns: ['digest'], detail: 'There is such a ticket already.' },
}

function ticketRow(row: TicketsTable): TicketRow {
  return {
    digest: row.digest,
    purpose: row.purpose,
    person: row.person,
    sealed: row.sealed,
    expiresAtMs: row.expires_at,
  }
}

export function ticketReader(db: Database): TicketReader {
  return {
    async find(digest) {
      const row = await db.selectFrom('tickets').selectAll().where('digest', '=', digest).executeTakeFirst()
      return row && ticketRow(row)
    },

    async countOfPerson(person, purpose) {
      const { tickets } = await db
        .selectFrom('tickets')
        .select((eb) => eb.fn.countAll<number>().as('tickets'))
        .where('person', '=', person)
        .where('purpose', '=', purpose)
        .executeTakeFirstOrThrow()
      return tickets
    },
  }
}

export function ticketWriter(db: Database): TicketWriter {
  return {
    ...ticketReader(db),

    async insert(row) {
      await db
        .insertInto('tickets')
        .values({
          digest: row.digest,
          purpose: row.purpose,
          person: row.person,
          sealed: row.sealed,
          expires_at: row.expiresAtMs,
        })
        .execute()
    },

    async take(digest, purpose) {
      const row = await db
        .deleteFrom('tickets')
        .where('digest', '=', digest)
        .where('purpose', '=', purpose)
        .returningAll()
        .executeTakeFirst()
      return row && ticketRow(row)
    },

    async removeOfPerson(person, purpose) {
      await db.deleteFrom('tickets').where('person', '=', person).where('purpose', '=', purpose).execute()
    },

    async prune(beforeMs) {
      await db.deleteFrom('tickets').where('expires_at', '<', beforeMs).execute()
    },
  }
}
