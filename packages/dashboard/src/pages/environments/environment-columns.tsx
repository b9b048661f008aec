import type { Environment } from '@sallyport/sdk'
import type { Column } from '../../parts/table/data-table.tsx'
import { RowName } from '../../parts/table/row-name.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'

/** What can go live in an environment. */
export function ruleOf({ requiresPrevious }: Environment, before: Environment | undefined): string {
  const { rules } = t.environments
  if (before === undefined) return rules.first
  return requiresPrevious ? rules.previous(before.name) : rules.any
}

/** The columns of the list. @param all in the order of promotion */
export function environmentColumns(all: readonly Environment[]): Column<Environment>[] {
  const { columns } = t.environments
  return [
    {
      id: 'position',
      header: columns.position,
      meta: { width: '3.5rem', isNumber: true, leaves: 2 },
      cell: ({ row }) => row.original.position + 1,
    },
    {
      id: 'name',
      header: columns.name,
      meta: { width: '14rem' },
      cell: ({ row }) => {
        const { name, position } = row.original
        return (
          <RowName
            name={name}
            rest={ruleOf(row.original, all[position - 1])}
            to={{ to: '.', search: (search) => ({ ...search, open: name }) }}
          />
        )
      },
    },
    {
      id: 'rule',
      header: columns.rule,
      meta: { leaves: 2 },
      cell: ({ row }) => ruleOf(row.original, all[row.original.position - 1]),
    },
    {
      id: 'created',
      header: columns.created,
      meta: { width: '8rem', leaves: 3 },
      cell: ({ row }) => <When at={row.original.createdAt} as="day" />,
    },
  ]
}
