import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** An organization has at most so many. */
const MEMBERS_MAX = 1_000
const INVITATIONS_MAX = 1_000
const PAGE = 200

/** The members of an organization, the oldest first. */
export function membersQuery(organization: string) {
  return queryOptions({
    queryKey: ['members', organization],
    queryFn: async ({ signal }) =>
      await sallyport.listMembers({ organization, limit: PAGE }, { signal }).toArray(MEMBERS_MAX),
  })
}

/** The invitations that were neither accepted nor withdrawn, the oldest first. */
export function invitationsQuery(organization: string) {
  return queryOptions({
    queryKey: ['invitations', organization],
    queryFn: async ({ signal }) =>
      await sallyport.listInvitations({ organization, limit: PAGE }, { signal }).toArray(INVITATIONS_MAX),
  })
}
