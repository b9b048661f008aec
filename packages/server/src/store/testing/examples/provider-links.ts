import type { ProviderLinkRow } from '../../port/people/provider-links.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'
import { personId } from './people.ts'

export function providerLink(
  person: string,
  provider: string,
  more: Partial<ProviderLinkRow> = {},
): ProviderLinkRow {
  return {
    person,
    provider,
    subject: `subject of ${person}`,
    email: `${person}@example.net`,
    createdAtMs: FIRST_MS,
    ...more,
  }
}

const row = (seed: Seed): ProviderLinkRow =>
  providerLink(personId(seed), 'acme-id', { createdAtMs: seed.createdAtMs })

export const providerLinksExample: Example<ProviderLinkRow> = {
  isTenant: false,
  feedKind: null,
  row,
  insert: (store, seed) => store.write((tx) => tx.providerLinks.insert(row(seed))),
  get: (read, seed) => read.providerLinks.bySubject('acme-id', row(seed).subject),
  queries: (read, seed) => [read.providerLinks.ofPerson(personId(seed))],
  lists: {},
  update: null,
  remove: (store, seed) => store.write((tx) => tx.providerLinks.remove(personId(seed), 'acme-id')),
  duplicates: {
    provider_links_pkey: (tx, seed, id) => tx.providerLinks.insert({ ...row(seed), subject: id }),
    provider_links_subject: async (tx, seed, id) => {
      // The other person exists: the constraint is the only reason to refuse.
      const { people } = tx
      const known = await people.get(personId(seed))
      if (known !== undefined) await people.insert({ ...known, id, email: `${id}@example.org` })
      await tx.providerLinks.insert({ ...row(seed), person: id })
    },
  },
  since: 9,
  stored(seed) {
    const { person, provider, subject, email, createdAtMs } = row(seed)
    return [['provider_links', { person, provider, subject, email, created_at: createdAtMs }]]
  },
}
