import type { Member } from '@sallyport/sdk'
import { listField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
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

interface MemberValues {
  readonly roles: readonly string[]
}

function valuesOf(member: Member | null): MemberValues {
  return { roles: member?.roles ?? [] }
}

const FIELDS = { roles: listField<string>(t.roles.legend, (role) => role) }

/** Replaces the roles of a member. */
export function ChangeRoles({ organization, member, onClose }: ChangeRolesProps) {
  const change = useChangeRoles(organization)
  const { title, effect, submit } = t.members.roles
  const edit = useEdit<Member, MemberValues>({
    shown: member,
    valuesOf,
    fields: FIELDS,
    saving: change,
    save: ({ roles }, seen) => change.mutate({ member, roles, seen }, { onSuccess: onClose }),
  })
  const { roles } = edit.values
  return (
    <FormDialog
      title={title(member.name)}
      submit={submit}
      effect={effect}
      isUnchanged={!edit.isChanged}
      isPending={change.isPending}
      error={change.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    >
      <RolePicker
        organization={organization}
        value={roles}
        onChange={(chosen) => edit.set({ roles: chosen })}
      />
      <Permits organization={organization} roles={roles} title={t.members.panel.permits} />
    </FormDialog>
  )
}
