import type { NamedMemberRow } from '../../port/people/members.ts'
import type { Writer } from '../../port/store.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'
import { person, personId } from './people.ts'

/** Other people than those of the examples, whose names change. */
const memberId = (seed: Seed): string => `member-${personId(seed)}`

export function member(organization: string, id: string, more: Partial<NamedMemberRow> = {}): NamedMemberRow {
  const { email, name } = person(id)
  return {
    organization,
    id,
    roles: ['auditor'],
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    email,
    name,
    ...more,
  }
}

const row = (seed: Seed): NamedMemberRow =>
  member(seed.owner, memberId(seed), { createdAtMs: seed.createdAtMs })

async function insertMember(tx: Writer, seed: Seed): Promise<void> {
  const id = memberId(seed)
  if ((await tx.people.get(id)) === undefined) await tx.people.insert(person(id))
  await tx.members.insert(row(seed))
}

export const membersExample: Example<NamedMemberRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => insertMember(tx, seed)),
  get: (read, seed) => read.members.get(seed.owner, memberId(seed)),
  queries: (read, seed) => [
    read.members.byEmail(seed.owner, row(seed).email),
    read.members.countOfOrganization(seed.owner),
    read.members.countUsingRole(seed.owner, 'auditor'),
    read.members.ofPerson(memberId(seed)),
  ],
  lists: { members: createdList((read, { owner }, page) => read.members.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.members.update({ ...row(seed), roles: ['owner'] })),
  rowUpdate: {
    apply: (tx, updated) => tx.members.update(updated),
    changes: { roles: ['admin', 'invoker'] },
  },
  remove: (store, seed) => change(store, seed.owner, (tx) => tx.members.remove(seed.owner, memberId(seed))),
  duplicates: { members_pkey: (tx, seed) => insertMember(tx, seed) },
  since: 9,
  stored(seed) {
    const { organization, id, roles, email, name, ...rest } = row(seed)
    return [
      [
        'people',
        { id, email, name, password_hash: 'hash', password_changed_at: FIRST_MS, created_at: FIRST_MS },
      ],
      ['members', { organization, id, roles_json: JSON.stringify(roles), ...createdColumns(rest) }],
    ]
  },
}
