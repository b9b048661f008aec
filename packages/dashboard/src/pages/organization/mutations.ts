import type { UpdateOrganizationInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { OWNER_MAILS, type OwnerMail } from './owner-mails.ts'
import { organizationQuery } from './queries.ts'

interface Update extends Pick<UpdateOrganizationInput, 'name' | 'color'> {
  /** What is said when it is done. */
  readonly words: string
}

/** Changes what is set for the organization. Its name stands in the frame around the pages too. */
export function useUpdateOrganization(organization: string) {
  const queries = useQueryClient()
  const router = useRouter()
  const readName = async (): Promise<void> => {
    await queries.refetchQueries({ queryKey: sessionQuery.queryKey })
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

/** What was changed of the mails: those that are not in it stay as they are. */
export type MailChanges = ReadonlyMap<OwnerMail, boolean>

/** The mails after some were changed. */
export function withMails(before: readonly OwnerMail[], changes: MailChanges): readonly OwnerMail[] {
  return OWNER_MAILS.filter((type) => changes.get(type) ?? before.includes(type))
}

/** Changes which mails owners get. Another person may have changed others meanwhile, which stay. */
export function useUpdateMails(organization: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (changes: MailChanges) => {
      const before = await sallyport.getOrganization({ organization })
      const ownerMails = withMails(before.ownerMails, changes)
      const input = { organization, ownerMails: [...ownerMails], wait: WAIT_SECONDS }
      const updated = await sallyport.updateOrganization(input)
      say(t.organization.mails.saved(ownerMails.length))
      return updated.organization
    },
    onSuccess: (changed) => queries.setQueryData(organizationQuery(organization).queryKey, changed),
  })
}
