import { queryOptions } from '@tanstack/react-query'
import { may } from '../data/permissions.ts'
import { sallyport } from '../data/sallyport.ts'
import type { SessionOrganization } from '../data/session.ts'
import { t } from '../texts/texts.ts'
import type { Entry } from './palette-entries.ts'

/** How many keys are shown. */
const KEYS_MAX = 8

/** What the server finds for a text. */
export function foundQuery(facts: SessionOrganization, text: string) {
  return queryOptions({
    queryKey: ['found', facts.slug, text],
    queryFn: async ({ signal }): Promise<readonly Entry[]> => {
      if (!may(facts, 'keys.read')) return []
      const input = { organization: facts.slug, search: text, limit: KEYS_MAX }
      const { items } = await sallyport.listKeys(input, { signal }).page()
      return items.map(({ id, name }) => ({
        id,
        name,
        kind: t.shell.palette.key,
        icon: 'keys',
        to: (organization) => ({
          to: '/organizations/$organization/keys',
          params: { organization },
          search: { key: id },
        }),
      }))
    },
  })
}
