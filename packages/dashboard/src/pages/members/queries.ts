import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

export function memberQuery(organization: string, member: string) {
  return queryOptions({
    queryKey: ['member', organization, member],
    queryFn: async ({ signal }) => await sallyport.getMember({ organization, member }, { signal }),
  })
}
