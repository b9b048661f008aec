import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'

/** Which organizations accept one of our keys, and which may not. */
export function acceptancesQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['acceptances', organization, key],
    queryFn: async ({ signal }) => await sallyport.getAcceptances({ organization, key }, { signal }),
  })
}
