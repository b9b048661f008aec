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
