import type { Member } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { sallyport } from '../../../data/sallyport.ts'
import { sessionQuery } from '../../../data/session.ts'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { say } from '../../../parts/messages/say.ts'
import { t } from '../../../texts/texts.ts'

interface LeaveProps {
  readonly organization: string
  readonly member: Member
  readonly onClose: () => void
}

/** Asks before the person leaves the organization, and then shows another one. */
export function Leave({ organization, member, onClose }: LeaveProps) {
  const queries = useQueryClient()
  const router = useRouter()
  const { title, text, submit, done } = t.members.leave
  const leave = useMutation({
    mutationFn: async () => await sallyport.removeMember({ organization, member: member.id }),
    onSuccess: async () => {
      say(done)
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await router.navigate({ to: '/' })
    },
  })
  return (
    <Confirm
      title={title}
      submit={submit}
      typed={organization}
      isDestructive
      isPending={leave.isPending}
      error={leave.error}
      onSubmit={() => leave.mutate()}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}
