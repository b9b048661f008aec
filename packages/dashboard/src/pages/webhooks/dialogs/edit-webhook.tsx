import type { Webhook } from '@sallyport/sdk'
import { t } from '../../../texts/texts.ts'
import { useUpdateWebhook } from '../mutations.ts'
import { WebhookForm } from './webhook-form.tsx'

interface EditWebhookProps {
  readonly organization: string
  readonly shown: Webhook
  readonly onClose: () => void
}

/** Changes what is sent where. */
export function EditWebhook({ organization, shown, onClose }: EditWebhookProps) {
  const update = useUpdateWebhook(organization)
  const { form } = t.webhooks
  return (
    <WebhookForm
      title={form.editTitle}
      submit={form.save}
      effect={form.editEffect}
      before={shown}
      isPending={update.isPending}
      error={update.error}
      onSubmit={(values) =>
        update.mutate({ webhook: shown.id, words: form.saved, ...values }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  )
}
