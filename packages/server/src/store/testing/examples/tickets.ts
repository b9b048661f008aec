import type { TicketRow } from '../../port/people/tickets.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'
import { personId } from './people.ts'

const row = (seed: Seed): TicketRow => ({
  digest: `digest of ${personId(seed)}`,
  purpose: 'password-reset',
  person: personId(seed),
  sealed: 'sealed',
  expiresAtMs: seed.createdAtMs,
})

export const ticketsExample: Example<TicketRow> = {
  isTenant: false,
  feedKind: null,
  row,
  insert: (store, seed) => store.write((tx) => tx.tickets.insert(row(seed))),
  get: (read, seed) => read.tickets.find(row(seed).digest),
  queries: (read, seed) => [read.tickets.countOfPerson(personId(seed), 'password-reset')],
  lists: {},
  update: null,
  remove: (store, seed) => store.write((tx) => tx.tickets.take(row(seed).digest, 'password-reset')),
  duplicates: { tickets_pkey: (tx, seed) => tx.tickets.insert(row(seed)) },
  since: 9,
  stored(seed) {
    const { digest, purpose, person, sealed } = row(seed)
    return [['tickets', { digest, purpose, person, sealed, expires_at: FIRST_MS + seed.index }]]
  },
}
