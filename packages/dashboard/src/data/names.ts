import { queryOptions } from '@tanstack/react-query'
import { isForbidden, isNotFound } from './failures.ts'
import { sallyport } from './sallyport.ts'

/** How long a name counts as known, in ms. */
const NAME_MS = 5 * 60_000

/** What was removed, or may not be seen, has no name; nothing else is wrong. */
async function nameOrNull(read: Promise<{ readonly name: string }>): Promise<string | null> {
  try {
    return (await read).name
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return null
    throw error
  }
}

/** The name of a key; null if it is not of this organization, or may not be read. */
export function keyNameQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['key-name', organization, key],
    staleTime: NAME_MS,
    retryOnMount: false,
    queryFn: async ({ signal }) => await nameOrNull(sallyport.getKey({ organization, key }, { signal })),
  })
}

/** The name of a consumer; null if it was removed, or may not be read. */
export function consumerNameQuery(organization: string, consumer: string) {
  return queryOptions({
    queryKey: ['consumer-name', organization, consumer],
    staleTime: NAME_MS,
    retryOnMount: false,
    queryFn: async ({ signal }) => await nameOrNull(sallyport.getConsumer({ organization, consumer }, { signal })),
  })
}

/** The name of a person of the organization; null if they left it, or may not be seen. */
export function memberNameQuery(organization: string, member: string) {
  return queryOptions({
    queryKey: ['member-name', organization, member],
    staleTime: NAME_MS,
    retryOnMount: false,
    queryFn: async ({ signal }) => await nameOrNull(sallyport.getMember({ organization, member }, { signal })),
  })
}
