import type { ListedKey } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { relative } from '../../format/times.ts'
import { Absent } from '../../parts/absent.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { Id } from '../../parts/id.tsx'
import { useAtNow } from '../../parts/now.ts'
import { RowName } from '../../parts/table/row-name.tsx'
import { Spark } from '../../parts/charts/spark.tsx'
import { State } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import { currentHint, Freshness, KeyState, lastUseOf } from './key-words.tsx'
import { weekQuery } from './queries.ts'

const DAY_MS = 24 * 60 * 60_000
/** From when on an end is shown as a warning, in days. */
const SOON_DAYS = 14

/** The columns of the list. */
export function keyColumns(organization: string): Column<ListedKey>[] {
  const { columns } = t.keys
  return [
    {
      id: 'name',
      header: columns.name,
      meta: { order: 'name' },
      cell: ({ row }) => <Name listed={row.original} />,
    },
    {
      id: 'id',
      header: columns.id,
      meta: { width: '10.75rem', leaves: 5 },
      cell: ({ row }) => <Id>{row.original.id}</Id>,
    },
    {
      id: 'hint',
      header: columns.hint,
      meta: { width: '4rem', leaves: 2 },
      cell: ({ row }) => <Id>{currentHint(row.original)}</Id>,
    },
    {
      id: 'type',
      header: columns.type,
      meta: { width: '3.75rem', leaves: 4 },
      cell: ({ row }) => t.keys.types[row.original.type],
    },
    {
      id: 'consumer',
      header: columns.consumer,
      meta: { width: '7.5rem', leaves: 3 },
      cell: ({ row }) => <Owner listed={row.original} />,
    },
    {
      id: 'roles',
      header: columns.roles,
      meta: { width: '6rem', leaves: 5 },
      cell: ({ row }) => <Roles listed={row.original} />,
    },
    {
      id: 'state',
      header: columns.state,
      meta: { width: '6rem' },
      cell: ({ row }) => <KeyState state={row.original.state} />,
    },
    {
      id: 'freshness',
      header: columns.freshness,
      meta: { width: '5.75rem', leaves: 3 },
      cell: ({ row }) => <Freshness {...row.original} />,
    },
    {
      id: 'lastUsed',
      header: columns.lastUsed,
      meta: { width: '6.25rem', leaves: 1, order: 'lastUsedAt' },
      cell: ({ row }) => <LastUse listed={row.original} />,
    },
    {
      id: 'week',
      header: columns.week,
      meta: { width: '5.5rem', leaves: 1 },
      cell: ({ row }) => <Week organization={organization} listed={row.original} />,
    },
    {
      id: 'expires',
      header: columns.expires,
      meta: { width: '6.5rem', leaves: 2, order: 'expiresAt' },
      cell: ({ row }) => <Expiry listed={row.original} />,
    },
  ]
}

interface CellProps {
  readonly listed: ListedKey
}

function Name({ listed }: CellProps) {
  const { id, name, type } = listed
  const used = lastUseOf(listed)
  const lastUsed = useAtNow((nowMs) => (used === null ? t.parts.never : relative(Date.parse(used), nowMs)))
  return (
    <RowName
      name={name}
      rest={t.keys.rest(t.keys.types[type], currentHint(listed), lastUsed)}
      to={{ to: '.', search: (search) => ({ ...search, key: id }) }}
    />
  )
}

function Owner({ listed: { consumer, consumerName } }: CellProps) {
  if (consumer === null) return <Absent>{t.parts.none}</Absent>
  return consumerName ?? <Id>{consumer}</Id>
}

function Roles({ listed: { roles } }: CellProps) {
  return roles.length === 0 ? <Absent>{t.parts.none}</Absent> : roles.join(', ')
}

function LastUse({ listed }: CellProps) {
  const used = lastUseOf(listed)
  return used === null ? <Absent>{t.parts.never}</Absent> : <When at={used} />
}

function Expiry({ listed: { expiresAt, state } }: CellProps) {
  const isNear = useAtNow((nowMs) => expiresAt !== null && Date.parse(expiresAt) - nowMs < SOON_DAYS * DAY_MS)
  if (expiresAt === null) return <Absent>{t.parts.never}</Absent>
  if (!isNear || state === 'expired') return <When at={expiresAt} as="day" />
  return (
    <State tone="warn">
      <When at={expiresAt} />
    </State>
  )
}

function Week({ organization, listed: { id } }: CellProps & { readonly organization: string }) {
  const { data } = useQuery(weekQuery(organization, id))
  if (data === undefined) return null
  return <Spark values={data} label={t.keys.week(data.reduce((sum, requests) => sum + requests, 0))} />
}
