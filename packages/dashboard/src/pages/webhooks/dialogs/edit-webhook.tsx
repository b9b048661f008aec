import type { Webhook } from '@sallyport/sdk'
import { listField, valueField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import type { EventType } from '../../../parts/events/event-groups.ts'
import { t } from '../../../texts/texts.ts'
import { useUpdateWebhook } from '../mutations.ts'
import { WebhookForm, type WebhookValues } from './webhook-form.tsx'

interface EditWebhookProps {
  readonly organization: string
  readonly shown: Webhook
  readonly onClose: () => void
}

function valuesOf(webhook: Webhook | null): WebhookValues {
  return { url: webhook?.url ?? '', events: webhook?.events ?? [] }
}

const FIELDS = {
  url: valueField<string>(t.webhooks.form.url, (url) => url),
  events: listField<EventType>(t.webhooks.form.events, (type) => t.events.words[type]),
}

/** Changes what is sent where. */
export function EditWebhook({ organization, shown, onClose }: EditWebhookProps) {
  const update = useUpdateWebhook(organization)
  const edit = useEdit<Webhook, WebhookValues>({
    shown,
    valuesOf,
    fields: FIELDS,
    saving: update,
    save: (values, seen) => update.mutate({ webhook: shown.id, ...values, seen }, { onSuccess: onClose }),
  })
  const { form } = t.webhooks
  return (
    <WebhookForm
      title={form.editTitle}
      submit={form.save}
      effect={form.editEffect}
      values={edit.values}
      onChange={edit.set}
      isUnchanged={!edit.isChanged}
      isPending={update.isPending}
      error={update.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    />
  )
}
