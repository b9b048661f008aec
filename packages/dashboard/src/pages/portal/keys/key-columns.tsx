import type { ListedPortalKey } from '@sallyport/sdk'
import { relative } from '../../../format/times.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Id } from '../../../parts/id.tsx'
import { useAtNow } from '../../../parts/now.ts'
import type { Column } from '../../../parts/table/data-table.tsx'
import { RowName } from '../../../parts/table/row-name.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { currentHint, Freshness, KeyState, lastUseOf } from '../../keys/key-words.tsx'

const { columns, rest } = t.portal.keys

/** The columns of the list of keys. */
export const KEY_COLUMNS: Column<ListedPortalKey>[] = [
  {
    id: 'name',
    header: columns.name,
    cell: ({ row: { original } }) => <Name listed={original} />,
  },
  {
    id: 'hint',
    header: columns.hint,
    meta: { width: '5rem', leaves: 2 },
    cell: ({ row: { original } }) => <Id>{currentHint(original)}</Id>,
  },
  {
    id: 'state',
    header: columns.state,
    meta: { width: '6.5rem' },
    cell: ({ row: { original } }) => <KeyState state={original.state} />,
  },
  {
    id: 'freshness',
    header: columns.freshness,
    meta: { width: '7rem', leaves: 3 },
    cell: ({ row: { original } }) => <Freshness {...original} />,
  },
  {
    id: 'created',
    header: columns.created,
    meta: { width: '8rem', leaves: 2 },
    cell: ({ row: { original } }) => <When at={original.createdAt} as="day" />,
  },
  {
    id: 'lastUsed',
    header: columns.lastUsed,
    meta: { width: '8rem', leaves: 1 },
    cell: ({ row: { original } }) => <LastUse listed={original} />,
  },
  {
    id: 'ends',
    header: columns.ends,
    meta: { width: '8rem', leaves: 2 },
    cell: ({ row: { original } }) => <End listed={original} />,
  },
]

interface CellProps {
  readonly listed: ListedPortalKey
}

function Name({ listed }: CellProps) {
  const used = lastUseOf(listed)
  const lastUsed = useAtNow((nowMs) => (used === null ? t.parts.never : relative(Date.parse(used), nowMs)))
  return (
    <RowName
      name={listed.name}
      rest={rest(currentHint(listed), lastUsed)}
      to={{ to: '.', search: (search) => ({ ...search, key: listed.id }) }}
    />
  )
}

function LastUse({ listed }: CellProps) {
  const used = lastUseOf(listed)
  return used === null ? <Absent>{t.parts.never}</Absent> : <When at={used} />
}

function End({ listed: { expiresAt } }: CellProps) {
  return expiresAt === null ? <Absent>{t.parts.never}</Absent> : <When at={expiresAt} as="day" />
}
