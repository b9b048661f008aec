import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { CHOICES_OF_NEW, type Expiry, expiryInput, isChosen } from '../../keys/fields/expiry.ts'
import { ExpiryField } from '../../keys/fields/expiry-field.tsx'
import { useCreateKey } from '../mutations.ts'
import type { Made } from './made-token.tsx'

interface CreateKeyProps {
  readonly onMade: (made: Made) => void
  readonly onClose: () => void
}

/** Creates a secret key. */
export function CreateKey({ onMade, onClose }: CreateKeyProps) {
  const create = useCreateKey()
  const [name, setName] = useState('')
  const [expiry, setExpiry] = useState<Expiry>({ choice: 'never', date: '' })
  const { create: words } = t.portal
  return (
    <FormDialog
      title={words.title}
      submit={words.submit}
      effect={words.effect}
      missing={[name.trim() === '' && words.name, !isChosen(expiry) && t.keys.form.expires]}
      isPending={create.isPending}
      error={create.error}
      onSubmit={() =>
        create.mutate(
          { name, ...expiryInput(expiry, Date.now()) },
          {
            onSuccess: ({ key, token }) => {
              onMade({ title: t.token.ready(key.name), id: key.id, token })
              onClose()
            },
          },
        )
      }
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={words.name}
        description={words.nameHint}
        autoComplete="off"
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <ExpiryField choices={CHOICES_OF_NEW} value={expiry} onChange={setExpiry} />
    </FormDialog>
  )
}
