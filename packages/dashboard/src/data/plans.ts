import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The most that an environment can have. */
const PLANS_MAX = 500

/** The plans of an environment. */
export function plansQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['plans', organization, environment],
    queryFn: async ({ signal }) =>
      await sallyport.listPlans({ organization, environment }, { signal }).toArray(PLANS_MAX),
  })
}

/** One plan, with its ETag. */
export function planQuery(organization: string, environment: string, plan: string) {
  return queryOptions({
    queryKey: ['plan', organization, environment, plan],
    queryFn: async ({ signal }) => await sallyport.getPlan({ organization, environment, plan }, { signal }),
  })
}
