import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The most that are listed. */
const PROVIDERS_MAX = 100

/** The providers to sign in with. Only another start of the server changes them. */
export const signInProvidersQuery = queryOptions({
  queryKey: ['sign-in-providers'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => await sallyport.listSignInProviders({}, { signal }).toArray(PROVIDERS_MAX),
})
