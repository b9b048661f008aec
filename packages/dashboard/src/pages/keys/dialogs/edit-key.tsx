import { TextInput } from '@mantine/core'
import type { Key } from '@sallyport/sdk'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { Permits } from '../../../parts/roles/permits.tsx'
import { RolePicker } from '../../../parts/roles/role-picker.tsx'
import { t } from '../../../texts/texts.ts'
import { AddressesField } from '../fields/addresses-field.tsx'
import { CHOICES_OF_CHANGE, isChosen } from '../fields/expiry.ts'
import { ExpiryField } from '../fields/expiry-field.tsx'
import { areComplete, NEW_LIMIT } from '../fields/limits.ts'
import { LimitsField } from '../fields/limits-field.tsx'
import { useEditKey } from '../mutations.ts'
import { changesOf, FIELDS, type KeyValues, valuesOf } from './edited-key.ts'

interface EditKeyProps {
  readonly organization: string
  readonly shown: Key
  readonly onClose: () => void
}

/** Changes what a key is called, what it may do, and its limits. Its secrets stay. */
export function EditKey({ organization, shown, onClose }: EditKeyProps) {
  const saving = useEditKey(organization)
  const edit = useEdit<Key, KeyValues>({
    shown,
    valuesOf,
    fields: FIELDS,
    saving,
    save(values, seen) {
      const changes = changesOf(valuesOf(seen), values, Date.now())
      saving.mutate({ id: shown.id, name: shown.name, changes, seen }, { onSuccess: onClose })
    },
  })
  const { name, expiry, roles, addresses, limits } = edit.values
  const { form, editDialog } = t.keys
  const hasRoles = shown.type === 'secret' && shown.consumer === null
  return (
    <FormDialog
      title={editDialog.title(shown.name)}
      submit={editDialog.submit}
      effect={editDialog.effect}
      missing={[
        name.trim() === '' && form.name,
        !isChosen(expiry) && form.expires,
        !areComplete(limits) && form.limits.title,
      ]}
      isUnchanged={!edit.isChanged}
      isPending={saving.isPending}
      error={saving.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={form.name}
        autoComplete="off"
        required
        value={name}
        onChange={({ currentTarget }) => edit.set({ name: currentTarget.value })}
      />
      <ExpiryField
        choices={CHOICES_OF_CHANGE}
        value={expiry}
        onChange={(chosen) => edit.set({ expiry: { ...expiry, ...chosen } })}
      />
      {hasRoles && (
        <>
          <RolePicker
            organization={organization}
            value={roles}
            onChange={(chosen) => edit.set({ roles: chosen })}
          />
          <Permits organization={organization} roles={roles} />
        </>
      )}
      <AddressesField value={addresses} onChange={(rules) => edit.set({ addresses: rules })} />
      <LimitsField
        hint={form.limits.hint}
        added={NEW_LIMIT}
        value={limits}
        onChange={(chosen) => edit.set({ limits: chosen })}
      />
    </FormDialog>
  )
}
