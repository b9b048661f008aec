import type { CreateInvitationInput, Invitation, Member } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { memberQuery } from './queries.ts'

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
  return useGuardedChange(organization, {
    thing: 'member',
    query: ({ member }: RolesInput) => memberQuery(organization, member.id),
    kinds: ['members', 'member', 'role'],
    async change({ member: { id, name }, roles }, options) {
      const input = { organization, member: id, roles, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.updateMember(input, options)
      say(t.members.roles.done(name, t.receipt.on(receipt)))
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await router.invalidate()
    },
  })
}

/** Removes a member. Their details stay as they were, until they are closed. */
export function useRemoveMember(organization: string) {
  return useGuardedChange(organization, {
    thing: 'member',
    query: ({ id }: Pick<Member, 'id'>) => memberQuery(organization, id),
    kinds: ['members', 'role'],
    change: async ({ id }, options) =>
      await sallyport.removeMember({ organization, member: id, wait: WAIT_SECONDS }, options),
  })
}

/** Leaves the organization, and goes on with another one. */
export function useLeave(organization: string) {
  const queries = useQueryClient()
  const router = useRouter()
  return useGuardedChange(organization, {
    thing: 'member',
    query: ({ id }: Pick<Member, 'id'>) => memberQuery(organization, id),
    // Nothing of the organization can be read any more.
    kinds: [],
    async change({ id }, options) {
      await sallyport.removeMember({ organization, member: id }, options)
      say(t.members.leave.done)
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await router.navigate({ to: '/' })
    },
  })
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
