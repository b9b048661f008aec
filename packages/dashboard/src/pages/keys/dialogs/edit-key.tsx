import { TextInput } from '@mantine/core'
import type { Key, UpdateKeyInput } from '@sallyport/sdk'
import { useState } from 'react'
import { addressRulesOf } from '../../../format/address-rules.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { Permits } from '../../../parts/roles/permits.tsx'
import { RolePicker } from '../../../parts/roles/role-picker.tsx'
import { t } from '../../../texts/texts.ts'
import { AddressesField } from '../fields/addresses-field.tsx'
import { CHOICES_OF_CHANGE, type Expiry, expiryInput, isChosen } from '../fields/expiry.ts'
import { ExpiryField } from '../fields/expiry-field.tsx'
import { areComplete, limitsInput, limitsOf } from '../fields/limits.ts'
import { LimitsField } from '../fields/limits-field.tsx'
import { useEditKey } from '../mutations.ts'

interface EditKeyProps {
  readonly organization: string
  readonly shown: Key
  readonly onClose: () => void
}

/** Changes what a key is called, what it may do, and its limits. Its secrets stay. */
export function EditKey({ organization, shown, onClose }: EditKeyProps) {
  const edit = useEditKey(organization)
  const [name, setName] = useState(shown.name)
  const [roles, setRoles] = useState(shown.roles)
  const [expiry, setExpiry] = useState<Expiry>({ choice: 'unchanged', date: '' })
  const [addresses, setAddresses] = useState(shown.addressRules.join('\n'))
  const [limits, setLimits] = useState(() => limitsOf(shown))
  const { form, editDialog } = t.keys
  const hasRoles = shown.type === 'secret' && shown.consumer === null
  const changesAt = (nowMs: number): Omit<UpdateKeyInput, 'key'> => ({
    ...changed('name', shown.name, name.trim()),
    ...(hasRoles && changed('roles', shown.roles, roles)),
    ...expiryInput(expiry, nowMs),
    ...changed('addressRules', shown.addressRules, addressRulesOf(addresses)),
    ...changed('rateLimits', limitsInput(limitsOf(shown)), limitsInput(limits)),
  })
  const hasChanges = Object.keys(changesAt(0)).length > 0
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
      isUnchanged={!hasChanges}
      isPending={edit.isPending}
      error={edit.error}
      onSubmit={() => edit.mutate({ ...shown, changes: changesAt(Date.now()) }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={form.name}
        autoComplete="off"
        required
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <ExpiryField choices={CHOICES_OF_CHANGE} value={expiry} onChange={setExpiry} />
      {hasRoles && (
        <>
          <RolePicker organization={organization} value={roles} onChange={setRoles} />
          <Permits organization={organization} roles={roles} />
        </>
      )}
      <AddressesField value={addresses} onChange={setAddresses} />
      <LimitsField value={limits} onChange={setLimits} />
    </FormDialog>
  )
}

/** A field of the change, if it differs. */
function changed<Name extends string, Value>(
  name: Name,
  before: Value,
  after: Value,
): Partial<Record<Name, Value>> {
  const isSame = JSON.stringify(before) === JSON.stringify(after)
  return isSame ? {} : ({ [name]: after } as Record<Name, Value>)
}
