import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** An organization has at most so many. */
const EXTERNAL_KEYS_MAX = 1_000
const PAGE = 200

export function externalKeysQuery(organization: string) {
  return queryOptions({
    queryKey: ['external-keys', organization],
    queryFn: async ({ signal }) =>
      await sallyport.listExternalKeys({ organization, limit: PAGE }, { signal }).toArray(EXTERNAL_KEYS_MAX),
  })
}

export function externalKeyQuery(organization: string, externalKey: string) {
  return queryOptions({
    queryKey: ['external-key', organization, externalKey],
    queryFn: async ({ signal }) => await sallyport.getExternalKey({ organization, externalKey }, { signal }),
  })
}
