import { PasswordInput, TextInput } from '@mantine/core'
import type { Secret, Variable } from '@sallyport/sdk'
import { useState } from 'react'
import { instant } from '../../../format/times.ts'
import { type EditFields, valueField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { usePutValue } from '../mutations.ts'
import type { ValueKind } from '../queries.ts'

interface PutValueProps {
  readonly kind: ValueKind
  readonly organization: string
  readonly environment: string
  /** With its ETag; null for a new one. */
  readonly shown: Variable | Secret | null
  readonly onClose: () => void
}

interface Values {
  readonly value: Value
}

interface Value {
  readonly text: string
  /** When the value of a secret was set, which is all that can be seen of it. */
  readonly setAt: string | null
}

function valuesOf(shown: Variable | Secret | null): Values {
  if (shown === null) return { value: { text: '', setAt: null } }
  if ('value' in shown) return { value: { text: shown.value, setAt: null } }
  return { value: { text: '', setAt: shown.updatedAt } }
}

const { value: words } = t.environments

const FIELDS: Readonly<Record<ValueKind, EditFields<Values>>> = {
  variables: { value: valueField(t.environments.variables.value, ({ text }) => text) },
  secrets: {
    value: valueField(t.environments.secrets.value, ({ text, setAt }) => {
      if (text !== '') return words.typed
      return setAt === null ? t.parts.none : words.other(instant(Date.parse(setAt)))
    }),
  },
}

/** Adds a variable or a secret, or gives it another value. */
export function PutValue({ kind, organization, environment, shown, onClose }: PutValueProps) {
  const put = usePutValue(organization, kind)
  const [name, setName] = useState(shown?.name ?? '')
  const edit = useEdit<Variable | Secret, Values>({
    shown,
    valuesOf,
    fields: FIELDS[kind],
    saving: put,
    save: ({ value }, seen) =>
      put.mutate({ environment, name, value: value.text, seen }, { onSuccess: onClose }),
  })
  const { value } = edit.values
  const { addTitle, changeTitle, submit, effect, value: label, valueHint } = t.environments[kind]
  const isNew = edit.seen === null
  const Field = kind === 'secrets' ? PasswordInput : TextInput
  return (
    <FormDialog
      title={isNew ? addTitle(environment) : changeTitle(name)}
      submit={submit}
      {...(!isNew && { effect })}
      missing={[name === '' && words.name, value.text === '' && label]}
      isUnchanged={!edit.isChanged}
      isPending={put.isPending}
      error={put.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    >
      {isNew && (
        <TextInput
          data-autofocus
          label={words.name}
          description={words.nameHint}
          autoComplete="off"
          spellCheck={false}
          required
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value.toUpperCase())}
        />
      )}
      <Field
        {...(!isNew && { 'data-autofocus': true })}
        label={label}
        description={valueHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={value.text}
        onChange={({ currentTarget }) => edit.set({ value: { ...value, text: currentTarget.value } })}
      />
    </FormDialog>
  )
}
