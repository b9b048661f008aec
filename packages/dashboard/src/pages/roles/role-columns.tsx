import type { ListedRole } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { count } from '../../format/numbers.ts'
import { Absent } from '../../parts/absent.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { aboutRole } from '../../parts/roles/role-words.ts'
import { RowName } from '../../parts/table/row-name.tsx'
import { TwoLines } from '../../parts/table/two-lines.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import { roleQuery } from './queries.ts'
import type { KINDS } from './search.ts'

export function kindOf({ builtIn }: Pick<ListedRole, 'builtIn'>): (typeof KINDS)[number] {
  return builtIn ? 'built-in' : 'own'
}

/** How many permissions a role has, each counted once. */
function permissionsOf({ permissions }: Pick<ListedRole, 'permissions'>): number {
  return new Set(permissions.map(({ permission }) => permission)).size
}

/** The columns of the list. */
export function roleColumns(organization: string): Column<ListedRole>[] {
  const { columns, kinds } = t.rolePages
  return [
    {
      id: 'name',
      header: columns.name,
      cell: ({ row }) => <Name role={row.original} />,
    },
    {
      id: 'kind',
      header: columns.kind,
      meta: { width: '7rem', leaves: 1 },
      cell: ({ row }) => kinds[kindOf(row.original)],
    },
    {
      id: 'permissions',
      header: columns.permissions,
      meta: { width: '7rem', leaves: 2, isNumber: true },
      cell: ({ row }) => count(permissionsOf(row.original)),
    },
    {
      id: 'holders',
      header: columns.holders,
      meta: { width: '6rem', isNumber: true },
      cell: ({ row }) => <Holders organization={organization} role={row.original.name} />,
    },
    {
      id: 'changed',
      header: columns.changed,
      meta: { width: '8rem', leaves: 3 },
      cell: ({ row: { original } }) =>
        original.updatedAt === null ? <Absent>{t.parts.never}</Absent> : <When at={original.updatedAt} />,
    },
  ]
}

function Name({ role }: { readonly role: ListedRole }) {
  const { kinds, rest } = t.rolePages
  return (
    <TwoLines isWide below={aboutRole(role)}>
      <RowName
        name={role.name}
        rest={rest(kinds[kindOf(role)], permissionsOf(role))}
        to={{ to: '.', search: (search) => ({ ...search, role: role.name }) }}
      />
    </TwoLines>
  )
}

function Holders({ organization, role }: { readonly organization: string; readonly role: string }) {
  const { data } = useQuery(roleQuery(organization, role))
  if (data === undefined) return null
  return data.holderCount === 0 ? <Absent>{t.parts.none}</Absent> : count(data.holderCount)
}
