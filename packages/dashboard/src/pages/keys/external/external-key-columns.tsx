import type { ExternalKey } from '@sallyport/sdk'
import { Absent } from '../../../parts/absent.tsx'
import type { Column } from '../../../parts/table/data-table.tsx'
import { Id } from '../../../parts/id.tsx'
import { RowName } from '../../../parts/table/row-name.tsx'
import { State } from '../../../parts/state.tsx'
import { TwoLines } from '../../../parts/table/two-lines.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { nameOf, statusOf } from './fits.ts'

/** The columns of the list. @param isBroadRole whether a role is more than a partner usually needs */
export function externalKeyColumns(isBroadRole: (name: string) => boolean): Column<ExternalKey>[] {
  const { columns } = t.externalKeys
  return [
    {
      id: 'key',
      header: columns.key,
      cell: ({ row }) => <Name listed={row.original} />,
    },
    {
      id: 'owner',
      header: columns.owner,
      meta: { width: '8.5rem', leaves: 1 },
      cell: ({ row: { original } }) => <TwoLines below={original.owner.slug}>{original.owner.name}</TwoLines>,
    },
    {
      id: 'roles',
      header: columns.roles,
      meta: { width: '8.25rem', leaves: 2 },
      cell: ({ row }) => <Roles roles={row.original.roles} isBroadRole={isBroadRole} />,
    },
    {
      id: 'status',
      header: columns.status,
      meta: { width: '11.5rem' },
      cell: ({ row }) => <ExternalKeyStatus listed={row.original} />,
    },
    {
      id: 'added',
      header: columns.added,
      meta: { width: '7rem', leaves: 3 },
      cell: ({ row }) => <When at={row.original.addedAt} as="day" />,
    },
    {
      id: 'lastUsed',
      header: columns.lastUsed,
      meta: { width: '6.25rem', leaves: 1 },
      cell: ({ row: { original } }) =>
        original.lastUsedAt === null ? <Absent>{t.parts.never}</Absent> : <When at={original.lastUsedAt} />,
    },
  ]
}

interface CellProps {
  readonly listed: ExternalKey
}

function Name({ listed }: CellProps) {
  return (
    <TwoLines isWide below={<Id>{listed.keyId}</Id>}>
      <RowName
        name={nameOf(listed)}
        rest={listed.owner.name}
        to={{ to: '.', search: (search) => ({ ...search, external: listed.id, form: undefined }) }}
      />
    </TwoLines>
  )
}

interface RolesProps {
  readonly roles: readonly string[]
  readonly isBroadRole: (name: string) => boolean
}

function Roles({ roles, isBroadRole }: RolesProps) {
  const all = roles.join(', ')
  const [first = '', ...others] = roles.toSorted(
    (one, other) => Number(isBroadRole(other)) - Number(isBroadRole(one)),
  )
  const shown = t.externalKeys.roles(first, others.length)
  if (!isBroadRole(first)) return <span title={all}>{shown}</span>
  return (
    <TwoLines below={t.externalKeys.broad}>
      <span title={all}>
        <State tone="warn">{shown}</State>
      </span>
    </TwoLines>
  )
}

/** Whether the key works here, and why not. */
export function ExternalKeyStatus({ listed }: CellProps) {
  const { states, reasons } = t.externalKeys
  const status = statusOf(listed)
  if (status === 'active') return <State tone="ok">{states.active}</State>
  return (
    <TwoLines below={listed.reason !== undefined && reasons[listed.reason]}>
      {status === 'off' ? (
        <State tone="idle" mark="ring">
          {states.off}
        </State>
      ) : (
        <State tone="bad">{states.refused}</State>
      )}
    </TwoLines>
  )
}
