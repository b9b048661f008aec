import type { Member } from '@sallyport/sdk'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { ShownOnceDialog } from '../../../parts/shown-once/shown-once-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { useCreateResetLink } from '../mutations.ts'

interface ResetLinkProps {
  readonly organization: string
  readonly member: Member
  readonly onClose: () => void
}

/** Makes a link with which a member sets a new password: first the question, then the link. */
export function ResetLink({ organization, member, onClose }: ResetLinkProps) {
  const create = useCreateResetLink(organization)
  const { reset, resetLink } = t.members
  if (create.data !== undefined) {
    return (
      <ShownOnceDialog
        title={reset.ready(member.name)}
        value={create.data.link}
        words={resetLink}
        onClose={() => {
          // Nothing keeps the link once its dialog is closed.
          create.reset()
          onClose()
        }}
      />
    )
  }
  return (
    <Confirm
      title={reset.title(member.name)}
      submit={reset.submit}
      isPending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate(member)}
      onClose={onClose}
    >
      <p>{reset.text}</p>
    </Confirm>
  )
}
