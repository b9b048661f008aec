import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { EventChoice } from '../../../parts/events/event-choice.tsx'
import { EVENT_TYPES, type EventType } from '../../../parts/events/event-groups.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'

interface WebhookValues {
  readonly url: string
  readonly events: readonly EventType[]
}

interface WebhookFormProps {
  readonly title: string
  readonly submit: string
  readonly effect: string
  readonly before: WebhookValues
  readonly isPending: boolean
  readonly error: unknown
  readonly onSubmit: (values: WebhookValues) => void
  readonly onClose: () => void
}

/** Where events are sent, and which. */
export function WebhookForm({ before, onSubmit, ...props }: WebhookFormProps) {
  const [url, setUrl] = useState(before.url)
  const [events, setEvents] = useState(before.events)
  const { form } = t.webhooks
  return (
    <FormDialog
      {...props}
      missing={[url === '' && form.url, events.length === 0 && form.events]}
      onSubmit={() => onSubmit({ url, events })}
    >
      <TextInput
        data-autofocus
        label={form.url}
        description={form.urlHint}
        type="url"
        autoComplete="off"
        spellCheck={false}
        required
        value={url}
        onChange={({ currentTarget }) => setUrl(currentTarget.value)}
      />
      <EventChoice types={EVENT_TYPES} value={events} onChange={setEvents} />
    </FormDialog>
  )
}
