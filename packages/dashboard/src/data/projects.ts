import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The most items in one answer of the API. */
const PAGE = 200

/** The projects that the person may read. */
export function projectsQuery(organization: string) {
  return queryOptions({
    queryKey: ['projects', organization],
    queryFn: async ({ signal }) =>
      await sallyport.listProjects({ organization, limit: PAGE }, { signal }).toArray(),
  })
}
