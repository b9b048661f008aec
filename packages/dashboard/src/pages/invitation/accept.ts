import type { AcceptInvitationInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  readonly code?: string
}

interface Acceptance extends AcceptInvitationInput {
  /** Signs the person in first. */
  readonly credentials?: Credentials
}

/** Accepts an invitation, and then opens the organization. */
export function useAccept() {
  const queries = useQueryClient()
  const router = useRouter()
  return useMutation({
    mutationFn: async ({ credentials, ...input }: Acceptance) => {
      if (credentials !== undefined) {
        await sallyport.signIn(credentials)
        await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      }
      return await sallyport.acceptInvitation(input)
    },
    onSuccess: async ({ organization: { slug } }) => {
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await router.navigate({ to: '/organizations/$organization', params: { organization: slug } })
    },
  })
}

export type Accept = ReturnType<typeof useAccept>
