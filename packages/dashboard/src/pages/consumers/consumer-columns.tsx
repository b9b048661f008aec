import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { count } from '../../format/numbers.ts'
import { Absent } from '../../parts/absent.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { RowName } from '../../parts/table/row-name.tsx'
import { State } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import { lastUseOf } from '../keys/key-words.tsx'
import { keysOfQuery } from './queries.ts'

/** The columns of the list. @param mayReadKeys whether it says something about keys */
export function consumerColumns(organization: string, mayReadKeys: boolean): Column<Consumer>[] {
  const { columns } = t.consumers
  const ofKeys: Column<Consumer>[] = [
    {
      id: 'keys',
      header: columns.keys,
      meta: { width: '4.5rem', leaves: 2, isNumber: true },
      cell: ({ row }) => <Keys organization={organization} consumer={row.original.id} />,
    },
    {
      id: 'lastUsed',
      header: columns.lastUsed,
      meta: { width: '8rem', leaves: 1 },
      cell: ({ row }) => <LastUse organization={organization} consumer={row.original.id} />,
    },
  ]
  return [
    {
      id: 'name',
      header: columns.name,
      cell: ({ row }) => <Name consumer={row.original} />,
    },
    {
      id: 'environment',
      header: columns.environment,
      meta: { width: '8rem', leaves: 2 },
      cell: ({ row }) => row.original.environment,
    },
    {
      id: 'pipelines',
      header: columns.pipelines,
      meta: { width: '16rem', leaves: 3 },
      cell: ({ row }) => <Pipelines consumer={row.original} />,
    },
    ...(mayReadKeys ? ofKeys : []),
    {
      id: 'status',
      header: columns.status,
      meta: { width: '8rem' },
      cell: ({ row }) => <ConsumerState status={row.original.status} />,
    },
  ]
}

function Name({ consumer }: { readonly consumer: Consumer }) {
  const { id, name, title, environment, pipelines, projects } = consumer
  return (
    <RowName
      name={name}
      about={title ?? undefined}
      rest={t.consumers.rest(environment, pipelines.length, projects.length)}
      to={{ to: '.', search: (search) => ({ ...search, consumer: id }) }}
    />
  )
}

function Pipelines({ consumer: { pipelines, projects } }: { readonly consumer: Consumer }) {
  if (pipelines.length + projects.length === 0) return <Absent>{t.parts.none}</Absent>
  const all = [...projects.map(t.consumers.allOf), ...pipelines].join(', ')
  return <span title={all}>{all}</span>
}

interface OfKeysProps {
  readonly organization: string
  readonly consumer: string
}

function Keys({ organization, consumer }: OfKeysProps) {
  const { data } = useQuery(keysOfQuery(organization, consumer))
  if (data === undefined) return null
  return data.total === 0 ? <Absent>{t.parts.none}</Absent> : count(data.total)
}

function LastUse({ organization, consumer }: OfKeysProps) {
  const { data } = useQuery(keysOfQuery(organization, consumer))
  if (data === undefined) return null
  const [latest] = data.items
  const used = latest === undefined ? null : lastUseOf(latest)
  return used === null ? <Absent>{t.parts.never}</Absent> : <When at={used} />
}

export function ConsumerState({ status }: Pick<Consumer, 'status'>) {
  const word = t.consumers.states[status]
  if (status === 'active') return <State tone="ok">{word}</State>
  return (
    <State tone="idle" mark="ring">
      {word}
    </State>
  )
}
