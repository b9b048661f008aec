import type { ListedImport } from '@sallyport/sdk'
import { count } from '../../../format/numbers.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Actor } from '../../../parts/actor.tsx'
import { type Look, State } from '../../../parts/state.tsx'
import type { Column } from '../../../parts/table/data-table.tsx'
import { RowName } from '../../../parts/table/row-name.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'

const LOOKS: Readonly<Record<ListedImport['state'], Look>> = {
  receiving: { tone: 'info', mark: 'half' },
  running: { tone: 'info', mark: 'half' },
  done: { tone: 'ok', mark: 'full' },
  stopped: { tone: 'idle', mark: 'ring' },
  failed: { tone: 'bad', mark: 'full' },
}

type Progress = Pick<ListedImport, 'state' | 'read' | 'lines'>

export function ImportState({ state, read, lines }: Progress) {
  return (
    <State {...LOOKS[state]}>
      {t.imports.states[state]}
      {state === 'running' && lines !== null && ` ${t.imports.share(read, lines)}`}
    </State>
  )
}

/** The columns of the list. */
export function importColumns(organization: string): Column<ListedImport>[] {
  const { columns, started, rest, unknownYet, underWay } = t.imports
  return [
    {
      id: 'started',
      header: columns.started,
      cell: ({ row: { original } }) => (
        <RowName
          name={started(original.createdAt)}
          rest={rest(original.made, original.problemCount)}
          to={{ to: '.', search: (search) => ({ ...search, import: original.id, form: undefined }) }}
        />
      ),
    },
    {
      id: 'state',
      header: columns.state,
      meta: { width: '10rem' },
      cell: ({ row: { original } }) => <ImportState {...original} />,
    },
    {
      id: 'lines',
      header: columns.lines,
      meta: { width: '7rem', leaves: 3, isNumber: true },
      cell: ({ row: { original } }) =>
        original.lines === null ? <Absent>{unknownYet}</Absent> : count(original.lines),
    },
    {
      id: 'made',
      header: columns.made,
      meta: { width: '7rem', leaves: 1, isNumber: true },
      cell: ({ row: { original } }) => count(original.made),
    },
    {
      id: 'refused',
      header: columns.refused,
      meta: { width: '6rem', leaves: 1, isNumber: true },
      cell: ({ row: { original } }) =>
        original.problemCount === 0 ? (
          <span className={text.dim}>{count(0)}</span>
        ) : (
          <State tone="warn">{count(original.problemCount)}</State>
        ),
    },
    {
      id: 'by',
      header: columns.by,
      meta: { width: '12rem', leaves: 4 },
      cell: ({ row: { original } }) => <Actor organization={organization} id={original.createdBy} />,
    },
    {
      id: 'ended',
      header: columns.ended,
      meta: { width: '8rem', leaves: 2 },
      cell: ({ row: { original } }) =>
        original.endedAt === null ? <Absent>{underWay}</Absent> : <When at={original.endedAt} />,
    },
  ]
}
