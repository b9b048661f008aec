import type { AuditEvent } from '@sallyport/sdk'
import { relative } from '../../format/times.ts'
import { count } from '../../format/numbers.ts'
import { Actor } from '../../parts/actor.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { Id } from '../../parts/id.tsx'
import { useAtNow } from '../../parts/now.ts'
import { RowName } from '../../parts/table/row-name.tsx'
import { State } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import { deedOf, refusalOf, subjectOf } from './event-words.ts'

/** The columns of the log. */
export function eventColumns(organization: string): Column<AuditEvent>[] {
  const { columns } = t.audit
  return [
    { id: 'subject', header: columns.subject, cell: ({ row }) => <Subject event={row.original} /> },
    {
      id: 'deed',
      header: columns.what,
      meta: { leaves: 1 },
      cell: ({ row }) => <Deed event={row.original} />,
    },
    {
      id: 'target',
      header: columns.target,
      meta: { width: '14rem', leaves: 4 },
      cell: ({ row }) => <Id>{row.original.target}</Id>,
    },
    {
      id: 'actor',
      header: columns.actor,
      meta: { width: '9rem', leaves: 2 },
      cell: ({ row }) => <Actor organization={organization} id={row.original.actor} />,
    },
    {
      id: 'at',
      header: columns.at,
      meta: { width: '13rem', leaves: 2 },
      cell: ({ row }) => <When at={row.original.at} as="instant" />,
    },
    {
      id: 'sequence',
      header: columns.sequence,
      meta: { width: '4.5rem', leaves: 5, isNumber: true },
      cell: ({ row }) => count(row.original.sequence),
    },
  ]
}

interface CellProps {
  readonly event: AuditEvent
}

function Subject({ event }: CellProps) {
  const ago = useAtNow((nowMs) => relative(Date.parse(event.at), nowMs))
  return (
    <RowName
      name={subjectOf(event)}
      rest={t.audit.rest(deedOf(event), ago)}
      to={{ to: '.', search: (search) => ({ ...search, event: event.sequence }) }}
    />
  )
}

function Deed({ event }: CellProps) {
  const words = sentence(deedOf(event), event.action)
  return refusalOf(event) === undefined ? words : <State tone="warn">{words}</State>
}

/** The words as a cell begins; an action that has none stays as it is. */
function sentence(words: string, action: string): string {
  return words === action ? words : words.charAt(0).toUpperCase() + words.slice(1)
}
