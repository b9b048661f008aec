import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'

/** The most choices of a field. */
const CHOICES_MAX = 500

/** The consumers that can own a key. @param environment null for those of all environments */
export function consumersQuery(organization: string, environment: string | null) {
  return queryOptions({
    queryKey: ['consumers', organization, 'choices', environment],
    queryFn: async ({ signal }) => {
      const all = await sallyport.listConsumers({ organization }, { signal }).toArray(CHOICES_MAX)
      return environment === null ? all : all.filter((consumer) => consumer.environment === environment)
    },
  })
}

export function rolesQuery(organization: string) {
  return queryOptions({
    queryKey: ['roles', organization, 'choices'],
    queryFn: async ({ signal }) =>
      await sallyport.listRoles({ organization }, { signal }).toArray(CHOICES_MAX),
  })
}

/** The names of the permissions that roles have together. */
export function permitsQuery(organization: string, roles: readonly string[]) {
  return queryOptions({
    queryKey: ['permits', organization, ...roles],
    queryFn: async ({ signal }): Promise<readonly string[]> => {
      if (roles.length === 0) return []
      const { permissions } = await sallyport.previewRoles({ organization, roles }, { signal })
      return [...new Set(permissions.map(({ permission }) => permission))]
    },
  })
}
