import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { usePutValue, type ValueKind } from '../mutations.ts'

interface PutValueProps {
  readonly kind: ValueKind
  readonly organization: string
  readonly environment: string
  /** Undefined for a new one. */
  readonly name: string | undefined
  /** What it is now; undefined for a secret. */
  readonly value: string | undefined
  readonly onClose: () => void
}

/** Adds a variable or a secret, or gives it another value. */
export function PutValue({ kind, organization, environment, onClose, ...before }: PutValueProps) {
  const put = usePutValue(organization, kind)
  const [name, setName] = useState(before.name ?? '')
  const [value, setValue] = useState(before.value ?? '')
  const words = t.environments[kind]
  const isNew = before.name === undefined
  const Field = kind === 'secrets' ? PasswordInput : TextInput
  return (
    <FormDialog
      title={before.name === undefined ? words.addTitle(environment) : words.changeTitle(before.name)}
      submit={words.submit}
      {...(!isNew && { effect: words.effect })}
      missing={[name === '' && t.environments.value.name, value === '' && words.value]}
      isUnchanged={value === before.value}
      isPending={put.isPending}
      error={put.error}
      onSubmit={() => put.mutate({ environment, name, value }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {isNew && (
        <TextInput
          data-autofocus
          label={t.environments.value.name}
          description={t.environments.value.nameHint}
          autoComplete="off"
          spellCheck={false}
          required
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value.toUpperCase())}
        />
      )}
      <Field
        {...(!isNew && { 'data-autofocus': true })}
        label={words.value}
        description={words.valueHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={value}
        onChange={({ currentTarget }) => setValue(currentTarget.value)}
      />
    </FormDialog>
  )
}
