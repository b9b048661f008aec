import type { CreateInvitationInput, Invitation, Member } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'

/** A change of members or invitations; afterwards, what the pages show of them is read again. */
function useMemberChange<Input, Output>(
  organization: string,
  change: (input: Input) => Promise<Output>,
  kinds: readonly string[],
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await Promise.all(kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind, organization] })))
    },
  })
}

interface RolesInput {
  readonly member: Member
  readonly roles: readonly string[]
}

/** Replaces the roles of a member. Who changes their own sees other pages then. */
export function useChangeRoles(organization: string) {
  const queries = useQueryClient()
  const router = useRouter()
  return useMemberChange(
    organization,
    async ({ member: { id, name }, roles }: RolesInput) => {
      const input = { organization, member: id, roles, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.updateMember(input)
      say(t.members.roles.done(name, t.receipt.on(receipt)))
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await router.invalidate()
    },
    ['members', 'member', 'role'],
  )
}

/** Removes a member. Their details stay as they were, until they are closed. */
export function useRemoveMember(organization: string) {
  return useMemberChange(
    organization,
    async ({ id }: Member) => await sallyport.removeMember({ organization, member: id, wait: WAIT_SECONDS }),
    ['members', 'role'],
  )
}

export function useCreateResetLink(organization: string) {
  return useMutation({
    mutationFn: async ({ id }: Member) => await sallyport.createResetLink({ organization, member: id }),
  })
}

export function useInvite(organization: string) {
  return useMemberChange(
    organization,
    async (input: CreateInvitationInput) => await sallyport.createInvitation({ ...input, organization }),
    ['invitations'],
  )
}

export function useWithdraw(organization: string) {
  return useMemberChange(
    organization,
    async ({ id, email }: Invitation) => {
      const input = { organization, invitation: id, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.withdrawInvitation(input)
      say(t.members.invitations.withdraw.done(email, t.receipt.on(receipt)))
    },
    ['invitations'],
  )
}
