import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** For how long the holders of a role count as known, in ms. */
const HOLDERS_MS = 30_000

/** A role and who has it. */
export function roleQuery(organization: string, role: string) {
  return queryOptions({
    queryKey: ['role', organization, role],
    staleTime: HOLDERS_MS,
    queryFn: async ({ signal }) => await sallyport.getRole({ organization, role }, { signal }),
  })
}
