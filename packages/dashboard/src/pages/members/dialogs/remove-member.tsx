import type { Member } from '@sallyport/sdk'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemoveMember } from '../mutations.ts'

interface RemoveMemberProps {
  readonly organization: string
  readonly member: Member
  /** @param isDone whether the member was removed */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before a member is removed. */
export function RemoveMember({ organization, member, onClose }: RemoveMemberProps) {
  const remove = useRemoveMember(organization)
  const seen = useSeen(member, remove.error)
  const { title, text, submit, done } = t.members.remove
  return (
    <Removal
      title={title(member.name)}
      submit={submit}
      typed={member.name}
      done={done(member.name)}
      removing={remove}
      onSubmit={() => remove.mutate({ id: member.id, seen })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Removal>
  )
}
