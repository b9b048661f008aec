import type { CreateKeyInput } from '@sallyport/sdk'
import { t } from '../../../texts/texts.ts'
import { MadeKeyDialog } from '../../../parts/shown-once/made-key-dialog.tsx'
import { useCreateKey } from '../mutations.ts'
import { KeyForm } from './key-form.tsx'

interface CreateKeyProps {
  readonly organization: string
  readonly environment: string | undefined
  /** The id of the consumer that is chosen at first. */
  readonly consumer: string | undefined
  /** @param made the id of the new key, if there is one */
  readonly onClose: (made?: string) => void
}

/** Creates a key: first what it is, then its token or a link that shows it. */
export function CreateKey({ organization, environment, consumer, onClose }: CreateKeyProps) {
  const create = useCreateKey(organization)
  if (create.data !== undefined) {
    const { key } = create.data
    return (
      <MadeKeyDialog
        title={t.token.ready(key.name)}
        organization={organization}
        made={create.data}
        onClose={() => {
          // Nothing keeps the token or link once its dialog is closed.
          create.reset()
          onClose(key.id)
        }}
      />
    )
  }
  return (
    <KeyForm
      organization={organization}
      environment={environment}
      consumer={consumer}
      isPending={create.isPending}
      error={create.error}
      onSubmit={(input: CreateKeyInput) => create.mutate(input)}
      onClose={() => onClose()}
    />
  )
}
