import { Checkbox, Select, TextInput } from '@mantine/core'
import type { Environment } from '@sallyport/sdk'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { useCreateEnvironment } from '../mutations.ts'

interface CreateEnvironmentProps {
  readonly organization: string
  /** In the order of promotion. */
  readonly all: readonly Environment[]
  /** @param made the name of the new environment, if there is one */
  readonly onClose: (made?: string) => void
}

const LAST = ''

/** Creates an environment at a place in the order of promotion. */
export function CreateEnvironment({ organization, all, onClose }: CreateEnvironmentProps) {
  const create = useCreateEnvironment(organization)
  const [name, setName] = useState('')
  const [before, setBefore] = useState(LAST)
  const [requiresPrevious, setRequiresPrevious] = useState(false)
  const { form } = t.environments
  const position = all.find((other) => other.name === before)?.position
  const submit = (): void =>
    create.mutate(
      { name, requiresPrevious, ...(position !== undefined && { position }) },
      { onSuccess: (made) => onClose(made.name) },
    )
  return (
    <FormDialog
      title={form.title}
      submit={form.submit}
      effect={form.effect}
      missing={[name === '' && form.name]}
      isPending={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={() => onClose()}
    >
      <TextInput
        data-autofocus
        label={form.name}
        description={form.nameHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Select
        label={form.position}
        data={[
          ...all.map((other) => ({ value: other.name, label: form.before(other.name) })),
          { value: LAST, label: form.last },
        ]}
        value={before}
        allowDeselect={false}
        onChange={(chosen) => setBefore(chosen ?? LAST)}
      />
      {position !== 0 && (
        <Checkbox
          size="xs"
          label={form.requiresPrevious}
          checked={requiresPrevious}
          onChange={({ currentTarget }) => setRequiresPrevious(currentTarget.checked)}
        />
      )}
    </FormDialog>
  )
}
