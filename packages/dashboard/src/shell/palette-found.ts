import { queryOptions } from '@tanstack/react-query'
import { may } from '../data/permissions.ts'
import { sallyport } from '../data/sallyport.ts'
import type { SessionOrganization } from '../data/session.ts'
import { t } from '../texts/texts.ts'
import type { Entry } from './palette-entries.ts'

/** How many keys are shown. */
const KEYS_MAX = 8
/** Among how many pipelines, and how many consumers, names are looked for. */
const NAMED_MAX = 1_000
/** How long these names are good for, in ms. */
const NAMES_AGE_MS = 10_000

/** The pipelines and consumers of an organization by their names, which the API does not search. */
export function namedQuery(facts: SessionOrganization) {
  const organization = facts.slug
  return queryOptions({
    queryKey: ['found', organization, 'names'],
    staleTime: NAMES_AGE_MS,
    queryFn: async ({ signal }): Promise<readonly Entry[]> => {
      const input = { organization }
      const [pipelines, consumers] = await Promise.all([
        may(facts, 'pipelines.read') ? sallyport.listPipelines(input, { signal }).toArray(NAMED_MAX) : [],
        may(facts, 'consumers.read') ? sallyport.listConsumers(input, { signal }).toArray(NAMED_MAX) : [],
      ])
      return [
        ...pipelines.map(({ name }): Entry => ({
          id: `pipeline/${name}`,
          name,
          kind: t.shell.palette.pipeline,
          icon: 'pipelines',
          to: () => ({
            to: '/organizations/$organization/pipelines/$pipeline',
            params: { organization, pipeline: name },
          }),
        })),
        ...consumers.map(({ id, name, environment }): Entry => ({
          id,
          name,
          also: `${environment} ${id}`,
          kind: t.shell.palette.consumer(environment),
          icon: 'consumers',
          to: () => ({
            to: '/organizations/$organization/consumers',
            params: { organization },
            search: { consumer: id },
          }),
        })),
      ]
    },
  })
}

/** The keys that the server finds for a text. */
export function foundQuery(facts: SessionOrganization, text: string) {
  return queryOptions({
    queryKey: ['found', facts.slug, 'keys', text],
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
