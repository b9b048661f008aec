import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** How long a name counts as known, in ms. */
const NAME_MS = 5 * 60_000

/**
 * The name of who did something; the id itself if there is no name, or the person may not read it.
 *
 * @param id of a member or a key, or a word such as `setup`
 */
export function actorQuery(organization: string, id: string) {
  return queryOptions({
    queryKey: ['actor', organization, id],
    staleTime: NAME_MS,
    queryFn: async ({ signal }): Promise<string> => {
      try {
        if (id.startsWith('mem_')) return (await sallyport.getMember({ organization, member: id }, { signal })).name
        if (id.startsWith('key_')) return (await sallyport.getKey({ organization, key: id }, { signal })).name
      } catch {
        signal.throwIfAborted()
      }
      return id
    },
  })
}
