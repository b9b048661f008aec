import type { PersonRow } from '../../port/people/people.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'

export function person(id: string, more: Partial<PersonRow> = {}): PersonRow {
  return {
    id,
    email: `${id}@example.com`,
    name: `Person ${id}`,
    passwordHash: 'hash',
    passwordChangedAtMs: FIRST_MS,
    emailProvenAtMs: null,
    createdAtMs: FIRST_MS,
    ...more,
  }
}

/** People belong to no organization, so their ids differ from those of other organizations' examples. */
export const personId = ({ owner, id }: Pick<Seed, 'owner' | 'id'>): string => `${owner}-${id}`

const row = (seed: Seed): PersonRow => person(personId(seed), { createdAtMs: seed.createdAtMs })

export const peopleExample: Example<PersonRow> = {
  isTenant: false,
  feedKind: null,
  row,
  insert: (store, seed) => store.write((tx) => tx.people.insert(row(seed))),
  get: (read, seed) => read.people.get(personId(seed)),
  queries: (read, seed) => [read.people.byEmail(row(seed).email)],
  lists: {},
  update: (store, seed) => store.write((tx) => tx.people.update({ ...row(seed), name: 'Renamed' })),
  rowUpdate: {
    apply: (tx, updated) => tx.people.update(updated),
    changes: { name: 'Renamed', passwordHash: null, passwordChangedAtMs: null, emailProvenAtMs: FIRST_MS },
  },
  remove: null,
  duplicates: { people_email: (tx, seed, id) => tx.people.insert({ ...row(seed), id }) },
  since: 9,
  stored(seed) {
    const { id, email, name, createdAtMs } = row(seed)
    return [
      [
        'people',
        {
          id,
          email,
          name,
          password_hash: 'hash',
          password_changed_at: FIRST_MS,
          email_proven_at: null,
          created_at: createdAtMs,
        },
      ],
    ]
  },
}
