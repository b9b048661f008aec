import { TextInput } from '@mantine/core'
import type { Consumer } from '@sallyport/sdk'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { ShownOnceDialog } from '../../../parts/shown-once/shown-once-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { useCreateBasicCredential } from '../mutations.ts'

interface CreateBasicProps {
  readonly organization: string
  readonly consumer: Consumer
  readonly onClose: () => void
}

/** Creates a Basic credential: first its user name, then its password. */
export function CreateBasic({ organization, consumer, onClose }: CreateBasicProps) {
  const create = useCreateBasicCredential(organization)
  const [username, setUsername] = useState('')
  const { basicForm: form, password: words } = t.consumers
  if (create.data !== undefined) {
    return (
      <ShownOnceDialog
        title={form.ready(create.data.username)}
        value={create.data.password}
        words={words}
        onClose={() => {
          // Nothing keeps the password once its dialog is closed.
          create.reset()
          onClose()
        }}
      />
    )
  }
  return (
    <FormDialog
      title={form.title(consumer.name)}
      submit={form.submit}
      effect={form.effect}
      missing={[username === '' && form.username]}
      isPending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate({ consumer: consumer.id, username })}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={form.username}
        description={form.usernameHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={username}
        onChange={({ currentTarget }) => setUsername(currentTarget.value)}
      />
    </FormDialog>
  )
}
