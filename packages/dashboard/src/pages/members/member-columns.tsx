import type { Member } from '@sallyport/sdk'
import { Absent } from '../../parts/absent.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { RowName } from '../../parts/table/row-name.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import classes from './member-columns.module.css'

/** The columns of the list. @param you the id of the person who reads it */
export function memberColumns(you: string): Column<Member>[] {
  const { columns } = t.members
  return [
    {
      id: 'name',
      header: columns.name,
      cell: ({ row }) => <Name member={row.original} isYou={row.original.id === you} />,
    },
    {
      id: 'email',
      header: columns.email,
      meta: { leaves: 1 },
      cell: ({ row: { original } }) => <span title={original.email}>{original.email}</span>,
    },
    {
      id: 'roles',
      header: columns.roles,
      cell: ({ row: { original } }) => {
        const all = original.roles.join(', ')
        return all === '' ? <Absent>{t.parts.none}</Absent> : <span title={all}>{all}</span>
      },
    },
    {
      id: 'joined',
      header: columns.joined,
      meta: { width: '8rem', leaves: 2 },
      cell: ({ row }) => <When at={row.original.createdAt} as="day" />,
    },
  ]
}

function Name({ member, isYou }: { readonly member: Member; readonly isYou: boolean }) {
  return (
    <>
      <RowName
        name={member.name}
        rest={isYou ? t.members.restOfYou(member.email) : member.email}
        to={{ to: '.', search: (search) => ({ ...search, member: member.id }) }}
      />
      {isYou && <span className={classes.you}>{t.members.you}</span>}
    </>
  )
}
