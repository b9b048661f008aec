import type { Key } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** How often it is asked whether a new key was used, in ms. */
const ASK_MS = 1_500

/** A URL that a consumer's key opens; null if there is none yet. */
export function routeQuery(organization: string, made: Pick<Key, 'consumer' | 'environment'>) {
  const { consumer, environment } = made
  return queryOptions({
    queryKey: ['route-of', organization, consumer, environment],
    queryFn: async ({ signal }): Promise<string | null> => {
      if (consumer === null) return null
      const { pipelines } = await sallyport.getConsumer({ organization, consumer }, { signal })
      const deployments = sallyport.listDeployments(
        { organization, ...(environment !== null && { environment }) },
        { signal },
      )
      for await (const { pipeline, url } of deployments) {
        if (pipelines.includes(pipeline)) return url
      }
      return null
    },
  })
}

/** A new key, until it was used. */
export function firstCallQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['first-call', organization, key],
    queryFn: async ({ signal }) => await sallyport.getKey({ organization, key }, { signal }),
    refetchInterval: ({ state }) => (state.data?.secrets.at(-1)?.lastUsedAt == null ? ASK_MS : false),
  })
}
