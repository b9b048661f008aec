import type { Invitation } from '@sallyport/sdk'
import type { Column } from '../../../parts/table/data-table.tsx'
import { useAtNow } from '../../../parts/now.ts'
import { RowName } from '../../../parts/table/row-name.tsx'
import { State } from '../../../parts/state.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'

/** The columns of the list. */
export function invitationColumns(): Column<Invitation>[] {
  const { columns, rest } = t.members.invitations
  return [
    {
      id: 'email',
      header: columns.email,
      cell: ({ row: { original } }) => (
        <RowName
          name={original.email}
          rest={rest(original.roles.join(', '))}
          to={{ to: '.', search: (search) => ({ ...search, invitation: original.id }) }}
        />
      ),
    },
    {
      id: 'roles',
      header: columns.roles,
      meta: { leaves: 1 },
      cell: ({ row }) => row.original.roles.join(', '),
    },
    {
      id: 'sent',
      header: columns.sent,
      meta: { width: '8rem', leaves: 2 },
      cell: ({ row }) => <When at={row.original.createdAt} />,
    },
    {
      id: 'ends',
      header: columns.ends,
      meta: { width: '8rem' },
      cell: ({ row }) => <Ends at={row.original.expiresAt} />,
    },
  ]
}

/** When an invitation ends, or that it has. */
export function Ends({ at }: { readonly at: string }) {
  const isOver = useAtNow((nowMs) => nowMs >= Date.parse(at))
  if (!isOver) return <When at={at} />
  return (
    <State tone="idle" mark="ring">
      {t.members.invitations.expired}
    </State>
  )
}
