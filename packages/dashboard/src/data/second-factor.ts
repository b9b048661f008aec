import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The second factor of the person who is signed in. */
export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: async ({ signal }) => await sallyport.getSecondFactor({}, { signal }),
})
