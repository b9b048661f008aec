import type { Environment } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { policyQuery } from '../../data/environments.ts'
import { count } from '../../format/numbers.ts'
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

interface ColumnsOf {
  readonly organization: string
  /** In the order of promotion. */
  readonly all: readonly Environment[]
  readonly mayReadPolicies: boolean
}

/** The columns of the list. */
export function environmentColumns({ organization, all, mayReadPolicies }: ColumnsOf): Column<Environment>[] {
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
    ...(mayReadPolicies ? policyColumns(organization) : []),
    {
      id: 'created',
      header: columns.created,
      meta: { width: '8rem', leaves: 3 },
      cell: ({ row }) => <When at={row.original.createdAt} as="day" />,
    },
  ]
}

/** What an environment demands, and how much is live in it. */
function policyColumns(organization: string): Column<Environment>[] {
  const { columns } = t.environments
  return [
    {
      id: 'policy',
      header: columns.policy,
      meta: { width: '13rem', leaves: 2 },
      cell: ({ row }) => <PolicyMode organization={organization} environment={row.original.name} />,
    },
    {
      id: 'live',
      header: columns.live,
      meta: { width: '8rem', isNumber: true, leaves: 3 },
      cell: ({ row }) => <LiveCount organization={organization} environment={row.original.name} />,
    },
  ]
}

interface OfEnvironmentProps {
  readonly organization: string
  readonly environment: string
}

function PolicyMode({ organization, environment }: OfEnvironmentProps) {
  const { data } = useQuery(policyQuery(organization, environment))
  return data !== undefined && t.pipelines.modes[data.mode]
}

function LiveCount({ organization, environment }: OfEnvironmentProps) {
  const { data } = useQuery(policyQuery(organization, environment))
  return data !== undefined && count(data.conformity.total)
}
