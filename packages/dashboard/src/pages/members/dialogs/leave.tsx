import type { Member } from '@sallyport/sdk'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { t } from '../../../texts/texts.ts'
import { useLeave } from '../mutations.ts'

interface LeaveProps {
  readonly organization: string
  readonly member: Member
  readonly onClose: () => void
}

/** Asks before the person leaves the organization, and then shows another one. */
export function Leave({ organization, member, onClose }: LeaveProps) {
  const leave = useLeave(organization)
  const seen = useSeen(member, leave.error)
  const { title, text, submit } = t.members.leave
  return (
    <Confirm
      title={title}
      submit={submit}
      typed={organization}
      isDestructive
      isPending={leave.isPending}
      error={leave.error}
      onSubmit={() => leave.mutate({ id: member.id, seen })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}
