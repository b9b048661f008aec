import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { Permits } from '../../../parts/roles/permits.tsx'
import { RolePicker } from '../../../parts/roles/role-picker.tsx'
import { ShownOnceDialog } from '../../../parts/shown-once/shown-once-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { useInvite } from '../mutations.ts'

interface InviteProps {
  readonly organization: string
  readonly onClose: () => void
}

/** Invites a person: first who and with which roles, then the link. */
export function Invite({ organization, onClose }: InviteProps) {
  const invite = useInvite(organization)
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState<readonly string[]>([])
  const { inviteForm: form, invitationLink, panel } = t.members
  if (invite.data !== undefined) {
    return (
      <ShownOnceDialog
        title={form.ready(invite.data.email)}
        value={invite.data.link}
        words={invitationLink}
        onClose={() => {
          // Nothing keeps the link once its dialog is closed.
          invite.reset()
          onClose()
        }}
      />
    )
  }
  return (
    <FormDialog
      title={form.title}
      submit={form.submit}
      effect={form.effect}
      missing={[email.trim() === '' && form.email, roles.length === 0 && t.roles.legend]}
      isPending={invite.isPending}
      error={invite.error}
      onSubmit={() => invite.mutate({ email: email.trim(), roles })}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        type="email"
        label={form.email}
        description={form.emailHint}
        autoComplete="off"
        required
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <RolePicker organization={organization} value={roles} onChange={setRoles} />
      <Permits organization={organization} roles={roles} title={panel.permits} />
    </FormDialog>
  )
}
