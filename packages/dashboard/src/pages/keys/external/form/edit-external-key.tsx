import type { ExternalKey } from '@sallyport/sdk'
import { useState } from 'react'
import { t } from '../../../../texts/texts.ts'
import { nameOf } from '../fits.ts'
import { useEditExternalKey } from '../mutations.ts'
import { ExternalKeyForm, type ExternalKeyValues } from './external-key-form.tsx'
import { addressRulesOf } from '../../../../format/address-rules.ts'

interface EditExternalKeyProps {
  readonly organization: string
  readonly shown: ExternalKey
  readonly onClose: () => void
}

/** Changes what an external key is called and may do here. */
export function EditExternalKey({ organization, shown, onClose }: EditExternalKeyProps) {
  const edit = useEditExternalKey(organization)
  const [values, setValues] = useState<ExternalKeyValues>({
    label: shown.label ?? '',
    roles: shown.roles,
    addresses: shown.addressRules.join('\n'),
  })
  const { form } = t.externalKeys
  const submit = (): void => {
    const label = values.label.trim()
    edit.mutate(
      {
        externalKey: shown.id,
        label: label === '' ? null : label,
        roles: values.roles,
        addressRules: addressRulesOf(values.addresses),
      },
      { onSuccess: onClose },
    )
  }
  return (
    <ExternalKeyForm
      organization={organization}
      title={form.editTitle(nameOf(shown))}
      submit={form.submitEdit}
      values={values}
      onChange={(change) => setValues((before) => ({ ...before, ...change }))}
      missing={[values.roles.length === 0 && t.roles.legend]}
      isPending={edit.isPending}
      error={edit.error}
      onSubmit={submit}
      onClose={onClose}
    />
  )
}
