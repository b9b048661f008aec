import type { DecidedRequest } from '@sallyport/sdk'
import { milliseconds } from '../../format/numbers.ts'
import { preciseTimeOnDay } from '../../format/times.ts'
import { ConsumerName, KeyName } from '../../names/names.tsx'
import { Absent } from '../../parts/absent.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { Id } from '../../parts/id.tsx'
import { useAtNow } from '../../parts/now.ts'
import { t } from '../../texts/texts.ts'
import { OutcomeCell } from './outcome-cell.tsx'
import classes from './request-columns.module.css'

/** The columns of the list. @param hasEnvironment whether requests of several environments are shown */
export function requestColumns(hasEnvironment: boolean): Column<DecidedRequest>[] {
  const { columns } = t.requests
  return [
    {
      id: 'at',
      header: columns.at,
      meta: { width: '10.25rem', leaves: 1 },
      cell: ({ row }) => <Time at={row.original.at} />,
    },
    {
      id: 'outcome',
      header: columns.outcome,
      meta: { width: '14.75rem' },
      cell: ({ row }) => <OutcomeCell request={row.original} />,
    },
    {
      id: 'request',
      header: columns.request,
      meta: { leaves: 1 },
      cell: ({ row }) => <Called request={row.original} hasEnvironment={hasEnvironment} />,
    },
    {
      id: 'consumer',
      header: columns.consumer,
      meta: { width: '9rem', leaves: 3 },
      cell: ({ row: { original } }) =>
        original.consumer === null ? (
          <Absent>{t.parts.none}</Absent>
        ) : (
          <ConsumerName id={original.consumer} />
        ),
    },
    {
      id: 'key',
      header: columns.key,
      meta: { width: '8.5rem', leaves: 2 },
      cell: ({ row: { original } }) =>
        original.key === null ? <Absent>{t.parts.none}</Absent> : <KeyName id={original.key} />,
    },
    {
      id: 'duration',
      header: columns.duration,
      meta: { width: '4.25rem', leaves: 3, isNumber: true },
      cell: ({ row }) => milliseconds(row.original.durationMs),
    },
  ]
}

function Time({ at }: Pick<DecidedRequest, 'at'>) {
  const words = useAtNow((nowMs) => preciseTimeOnDay(Date.parse(at), nowMs))
  return (
    <time className={classes.time} dateTime={at}>
      {words}
    </time>
  )
}

interface CalledProps {
  readonly request: DecidedRequest
  readonly hasEnvironment: boolean
}

function Called({ request: { method, pipeline, version, environment }, hasEnvironment }: CalledProps) {
  return (
    <>
      <Id>{method}</Id>{' '}
      {pipeline === null ? <Absent>{t.requests.noPipeline}</Absent> : `${pipeline} ${version ?? ''}`}{' '}
      {hasEnvironment && <span className={classes.environment}>{environment}</span>}
    </>
  )
}
