import { OWNER_MAILS_DEFAULT } from '@sallyport/core'
import type { OrganizationRow } from '../../port/organizations.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdList } from './example.ts'

export function organization(slug: string, more: Partial<OrganizationRow> = {}): OrganizationRow {
  return {
    slug,
    name: slug.toUpperCase(),
    founder: null,
    onLeak: 'notify',
    ownerMails: OWNER_MAILS_DEFAULT,
    color: null,
    createdAtMs: FIRST_MS,
    ...more,
  }
}

const row = ({ owner, index, createdAtMs }: Seed): OrganizationRow =>
  organization(`${owner}-${index}`, { createdAtMs })

export const organizationsExample: Example<OrganizationRow> = {
  isTenant: false,
  feedKind: 'organization',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.organizations.insert(row(seed))),
  get: (read, seed) => read.organizations.get(row(seed).slug),
  queries: (read, { owner }) => [
    read.organizations.first(),
    read.organizations.quotaUsage(owner),
    read.organizations.named([owner]),
    read.organizations.countFounded('mem_1'),
  ],
  lists: { organizations: createdList((read, _seed, page) => read.organizations.list(page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.organizations.rename(row(seed).slug, 'Renamed')),
  remove: null,
  duplicates: { organizations_pkey: (tx, seed) => tx.organizations.insert(row(seed)) },
  since: 1,
  stored(seed) {
    const { slug, name, createdAtMs } = row(seed)
    return [['organizations', { slug, name, ordinal: seed.index + 2, created_at: createdAtMs }]]
  },
}
