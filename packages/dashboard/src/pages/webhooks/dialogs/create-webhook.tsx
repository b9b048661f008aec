import { useState } from 'react'
import { t } from '../../../texts/texts.ts'
import { useCreateWebhook } from '../mutations.ts'
import { SecretDialog } from './secret-dialog.tsx'
import { WebhookForm, type WebhookValues } from './webhook-form.tsx'

interface CreateWebhookProps {
  readonly organization: string
  /** @param made the id of the new webhook, if there is one */
  readonly onClose: (made?: string) => void
}

/** Creates a webhook: first what is sent where, then the secret that signs it. */
export function CreateWebhook({ organization, onClose }: CreateWebhookProps) {
  const create = useCreateWebhook(organization)
  const [values, setValues] = useState<WebhookValues>({ url: '', events: [] })
  const { form } = t.webhooks
  if (create.data !== undefined) {
    const { id, secret } = create.data
    return (
      <SecretDialog
        title={form.ready}
        secret={secret}
        onClose={() => {
          // Nothing keeps the secret once its dialog is closed.
          create.reset()
          onClose(id)
        }}
      />
    )
  }
  return (
    <WebhookForm
      title={form.createTitle}
      submit={form.create}
      effect={form.createEffect}
      values={values}
      onChange={(change) => setValues({ ...values, ...change })}
      isPending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate(values)}
      onClose={() => onClose()}
    />
  )
}
