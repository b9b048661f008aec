import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** How many keys there are. */
export function keyCountQuery(organization: string, environment: string | undefined) {
  return queryOptions({
    queryKey: ['keys', organization, 'count', environment],
    queryFn: async ({ signal }) => {
      const { total } = await sallyport.listKeys({ organization, environment, limit: 1 }, { signal }).page()
      return total
    },
  })
}
