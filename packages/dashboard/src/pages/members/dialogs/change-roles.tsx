import type { Member } from '@sallyport/sdk'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { Permits } from '../../../parts/roles/permits.tsx'
import { RolePicker } from '../../../parts/roles/role-picker.tsx'
import { t } from '../../../texts/texts.ts'
import { useChangeRoles } from '../mutations.ts'

interface ChangeRolesProps {
  readonly organization: string
  readonly member: Member
  readonly onClose: () => void
}

/** Replaces the roles of a member. */
export function ChangeRoles({ organization, member, onClose }: ChangeRolesProps) {
  const change = useChangeRoles(organization)
  const [roles, setRoles] = useState(member.roles)
  const { title, effect, submit } = t.members.roles
  const isChanged = roles.length !== member.roles.length || roles.some((role) => !member.roles.includes(role))
  return (
    <FormDialog
      title={title(member.name)}
      submit={submit}
      effect={effect}
      isUnchanged={!isChanged}
      isPending={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ member, roles }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <RolePicker organization={organization} value={roles} onChange={setRoles} />
      <Permits organization={organization} roles={roles} title={t.members.panel.permits} />
    </FormDialog>
  )
}
