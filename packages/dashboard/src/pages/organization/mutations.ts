import { etagOf, type UpdateOrganizationInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { readAgain, WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { hasCode } from '../../data/failures.ts'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { OWNER_MAILS, type OwnerMail } from './owner-mails.ts'
import { organizationQuery } from './queries.ts'

const KINDS = ['organization']

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
  return useGuardedChange(organization, {
    thing: 'organization',
    query: (_update: Update) => organizationQuery(organization),
    members: ['name', 'color'],
    kinds: KINDS,
    async change({ words, name, color }, options) {
      await sallyport.updateOrganization({ organization, name, color, wait: WAIT_SECONDS }, options)
      say(words)
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

/** How often the mails are read again because others change the organization at the same time. */
const TURNS_MAX = 5

/** Makes the changes to the mails as they are now. @returns how many are chosen then */
async function changeMails(organization: string, changes: MailChanges): Promise<number> {
  for (let turn = 1; ; turn += 1) {
    const before = await sallyport.getOrganization({ organization })
    const ownerMails = withMails(before.ownerMails, changes)
    const input = { organization, ownerMails: [...ownerMails], wait: WAIT_SECONDS }
    try {
      await sallyport.updateOrganization(input, { ifMatch: etagOf(before) })
      return ownerMails.length
    } catch (error) {
      if (turn === TURNS_MAX || !hasCode(error, 'precondition_failed')) throw error
    }
  }
}

/**
 * Changes which mails owners get. Each is a switch of its own: another person may have changed others meanwhile, which
 * stay, so nothing needs to be asked.
 */
export function useUpdateMails(organization: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (changes: MailChanges) =>
      say(t.organization.mails.saved(await changeMails(organization, changes))),
    onSuccess: async () => await readAgain(queries, organization, KINDS),
  })
}
