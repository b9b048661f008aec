import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** The organization with what is set for it. */
export function organizationQuery(organization: string) {
  return queryOptions({
    queryKey: ['organization', organization],
    queryFn: async ({ signal }) => await sallyport.getOrganization({ organization }, { signal }),
  })
}
