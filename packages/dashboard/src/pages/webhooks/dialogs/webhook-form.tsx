import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import layout from '../../../parts/layers/form.module.css'
import { t } from '../../../texts/texts.ts'
import { EVENT_GROUPS, type EventType } from '../events.ts'

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
  const toggle = (type: EventType): void =>
    setEvents(events.includes(type) ? events.filter((each) => each !== type) : [...events, type])
  return (
    <FormDialog
      {...props}
      isReady={url !== '' && events.length > 0}
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
      {EVENT_GROUPS.map(({ group, types }) => (
        <fieldset key={group} className={layout.field}>
          <legend>{form.groups[group]}</legend>
          <div className={layout.choices}>
            {types.map((type) => (
              <Checkbox
                key={type}
                size="xs"
                label={form.words[type]}
                checked={events.includes(type)}
                onChange={() => toggle(type)}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </FormDialog>
  )
}
