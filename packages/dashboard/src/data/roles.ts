import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The most roles that are listed: an organization has at most 100 of its own. */
const ROLES_MAX = 200

/** The built-in roles, then those of the organization. */
export function rolesQuery(organization: string) {
  return queryOptions({
    queryKey: ['roles', organization],
    queryFn: async ({ signal }) => await sallyport.listRoles({ organization }, { signal }).toArray(ROLES_MAX),
  })
}

/** What roles permit together. */
export function permitsQuery(organization: string, roles: readonly string[]) {
  return queryOptions({
    queryKey: ['permits', organization, ...roles],
    queryFn: async ({ signal }) => {
      if (roles.length === 0) return []
      const { permissions } = await sallyport.previewRoles({ organization, roles }, { signal })
      return permissions
    },
  })
}
