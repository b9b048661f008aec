import { TextInput } from '@mantine/core'
import { EventChoice } from '../../../parts/events/event-choice.tsx'
import { EVENT_TYPES, type EventType } from '../../../parts/events/event-groups.ts'
import type { OvertakenEdit } from '../../../parts/edits/use-edit.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'

export interface WebhookValues {
  readonly url: string
  readonly events: readonly EventType[]
}

interface WebhookFormProps {
  readonly title: string
  readonly submit: string
  readonly effect: string
  readonly values: WebhookValues
  readonly onChange: (change: Partial<WebhookValues>) => void
  readonly isUnchanged?: boolean
  readonly isPending: boolean
  readonly error: unknown
  readonly overtaken?: OvertakenEdit | undefined
  readonly onSubmit: () => void
  readonly onClose: () => void
}

/** Where events are sent, and which. */
export function WebhookForm({ values: { url, events }, onChange, ...props }: WebhookFormProps) {
  const { form } = t.webhooks
  return (
    <FormDialog {...props} missing={[url === '' && form.url, events.length === 0 && form.events]}>
      <TextInput
        data-autofocus
        label={form.url}
        description={form.urlHint}
        type="url"
        autoComplete="off"
        spellCheck={false}
        required
        value={url}
        onChange={({ currentTarget }) => onChange({ url: currentTarget.value })}
      />
      <EventChoice types={EVENT_TYPES} value={events} onChange={(chosen) => onChange({ events: chosen })} />
    </FormDialog>
  )
}
