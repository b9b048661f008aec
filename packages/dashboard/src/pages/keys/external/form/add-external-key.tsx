import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../../../texts/texts.ts'
import { useAddExternalKey } from '../mutations.ts'
import { ExternalKeyForm, type ExternalKeyValues } from './external-key-form.tsx'
import { addressRulesOf } from '../../../../format/address-rules.ts'

interface AddExternalKeyProps {
  readonly organization: string
  /** @param added the id of the external key, if one was added */
  readonly onClose: (added?: string) => void
}

/** Adds a partner's key, with no role unless one is chosen. */
export function AddExternalKey({ organization, onClose }: AddExternalKeyProps) {
  const add = useAddExternalKey(organization)
  const [keyId, setKeyId] = useState('')
  const [values, setValues] = useState<ExternalKeyValues>({ label: '', roles: [], addresses: '' })
  const { form } = t.externalKeys
  const submit = (): void => {
    const label = values.label.trim()
    const addressRules = addressRulesOf(values.addresses)
    add.mutate(
      {
        keyId: keyId.trim(),
        roles: values.roles,
        ...(label !== '' && { label }),
        ...(addressRules.length > 0 && { addressRules }),
      },
      { onSuccess: ({ id }) => onClose(id) },
    )
  }
  return (
    <ExternalKeyForm
      organization={organization}
      title={form.addTitle}
      lead={form.addLead}
      submit={form.submitAdd}
      values={values}
      onChange={(change) => setValues((before) => ({ ...before, ...change }))}
      missing={[keyId.trim() === '' && form.keyId, values.roles.length === 0 && t.roles.legend]}
      isPending={add.isPending}
      error={add.error}
      onSubmit={submit}
      onClose={() => onClose()}
    >
      <TextInput
        label={form.keyId}
        description={form.keyIdHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={keyId}
        onChange={({ currentTarget }) => setKeyId(currentTarget.value)}
      />
    </ExternalKeyForm>
  )
}
