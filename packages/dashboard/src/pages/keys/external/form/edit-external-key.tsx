import type { ExternalKey } from '@sallyport/sdk'
import { addressRulesOf } from '../../../../format/address-rules.ts'
import { listField, valueField } from '../../../../parts/edits/fields.ts'
import { useEdit } from '../../../../parts/edits/use-edit.ts'
import { t } from '../../../../texts/texts.ts'
import { nameOf } from '../fits.ts'
import { useEditExternalKey } from '../mutations.ts'
import { ExternalKeyForm, type ExternalKeyValues } from './external-key-form.tsx'

interface EditExternalKeyProps {
  readonly organization: string
  readonly shown: ExternalKey
  readonly onClose: () => void
}

function valuesOf(key: ExternalKey | null): ExternalKeyValues {
  return {
    label: key?.label ?? '',
    roles: key?.roles ?? [],
    addresses: (key?.addressRules ?? []).join('\n'),
  }
}

const orNone = (text: string): string => (text === '' ? t.parts.none : text)

const FIELDS = {
  label: valueField<string>(
    t.externalKeys.form.label,
    (label) => orNone(label.trim()),
    (label) => label.trim(),
  ),
  roles: listField<string>(t.roles.legend, (role) => role),
  addresses: valueField<string>(
    t.externalKeys.form.addresses,
    (rules) => orNone(addressRulesOf(rules).join(', ')),
    addressRulesOf,
  ),
}

/** Changes what an external key is called and may do here. */
export function EditExternalKey({ organization, shown, onClose }: EditExternalKeyProps) {
  const saving = useEditExternalKey(organization)
  const edit = useEdit<ExternalKey, ExternalKeyValues>({
    shown,
    valuesOf,
    fields: FIELDS,
    saving,
    save({ label, roles, addresses }, seen) {
      const input = {
        externalKey: shown.id,
        label: label.trim() === '' ? null : label.trim(),
        roles,
        addressRules: addressRulesOf(addresses),
      }
      saving.mutate({ ...input, seen }, { onSuccess: onClose })
    },
  })
  const { form } = t.externalKeys
  return (
    <ExternalKeyForm
      organization={organization}
      title={form.editTitle(nameOf(shown))}
      submit={form.submitEdit}
      values={edit.values}
      onChange={edit.set}
      missing={[edit.values.roles.length === 0 && t.roles.legend]}
      isUnchanged={!edit.isChanged}
      isPending={saving.isPending}
      error={saving.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    />
  )
}
