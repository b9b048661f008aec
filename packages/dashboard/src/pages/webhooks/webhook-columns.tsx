import type { Webhook } from '@sallyport/sdk'
import { EventNames } from '../../parts/events/event-names.tsx'
import { State } from '../../parts/state.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { RowName } from '../../parts/table/row-name.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'

export function WebhookState({ status }: Pick<Webhook, 'status'>) {
  const word = t.webhooks.states[status]
  if (status === 'active') return <State tone="ok">{word}</State>
  return (
    <State tone="idle" mark="ring">
      {word}
    </State>
  )
}

const { columns, rest } = t.webhooks

/** The columns of the list. */
export const WEBHOOK_COLUMNS: Column<Webhook>[] = [
  {
    id: 'url',
    header: columns.url,
    cell: ({ row: { original } }) => (
      <RowName
        name={original.url}
        rest={rest(original.events.length)}
        to={{ to: '.', search: (search) => ({ ...search, webhook: original.id }) }}
      />
    ),
  },
  {
    id: 'events',
    header: columns.events,
    meta: { width: '26rem', leaves: 3 },
    cell: ({ row: { original } }) => <EventNames types={original.events} />,
  },
  {
    id: 'status',
    header: columns.status,
    meta: { width: '8rem' },
    cell: ({ row: { original } }) => <WebhookState status={original.status} />,
  },
  {
    id: 'created',
    header: columns.created,
    meta: { width: '8rem', leaves: 2 },
    cell: ({ row: { original } }) => <When at={original.createdAt} as="day" />,
  },
]
