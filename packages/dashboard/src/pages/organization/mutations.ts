import type { UpdateOrganizationInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { say } from '../../parts/layers/toasts.tsx'
import { organizationQuery } from './queries.ts'

interface Update extends Pick<UpdateOrganizationInput, 'name' | 'color' | 'ownerMails'> {
  /** What is said when it is done. */
  readonly words: string
}

/** Changes what is set for the organization. Its name stands in the frame around the pages too. */
export function useUpdateOrganization(organization: string) {
  const queries = useQueryClient()
  const router = useRouter()
  const readName = async (): Promise<void> => {
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
    await router.invalidate()
  }
  return useMutation({
    mutationFn: async ({ words, ...input }: Update) => {
      const updated = await sallyport.updateOrganization({ ...input, organization, wait: WAIT_SECONDS })
      say(words)
      return updated.organization
    },
    onSuccess: (changed, { name }) => {
      queries.setQueryData(organizationQuery(organization).queryKey, changed)
      if (name !== undefined) void readName()
    },
  })
}
