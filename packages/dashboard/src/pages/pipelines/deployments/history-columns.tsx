import type { ListedDeployment } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { relative } from '../../../format/times.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Actor } from '../../../parts/actor.tsx'
import type { Column } from '../../../parts/table/data-table.tsx'
import { useAtNow } from '../../../parts/now.ts'
import { RowName } from '../../../parts/table/row-name.tsx'
import { State } from '../../../parts/state.tsx'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { MaintenanceState } from '../maintenance/maintenance-state.tsx'
import { CLOSED } from '../address/search.ts'

/** The columns of the history of deployments. */
export function historyColumns(organization: string): Column<ListedDeployment>[] {
  const { columns, origins, notEnded } = t.pipeline.deployments
  return [
    {
      id: 'version',
      header: columns.version,
      cell: ({ row }) => <Version deployment={row.original} />,
    },
    {
      id: 'environment',
      header: columns.environment,
      meta: { width: '6.5rem' },
      cell: ({ row }) => row.original.environment,
    },
    {
      id: 'origin',
      header: columns.origin,
      meta: { width: '11rem', leaves: 2 },
      cell: ({ row: { original } }) => (
        <>
          {origins[original.origin ?? 'unknown']}
          {original.from !== null &&
            original.origin === 'promote' &&
            t.pipeline.deployments.from(original.from.environment)}
        </>
      ),
    },
    {
      id: 'created',
      header: columns.created,
      meta: { width: '7.5rem', leaves: 1 },
      cell: ({ row }) => <When at={row.original.createdAt} />,
    },
    {
      id: 'by',
      header: columns.by,
      meta: { width: '11rem', leaves: 3 },
      cell: ({ row }) => <Actor organization={organization} id={row.original.createdBy} />,
    },
    {
      id: 'ended',
      header: columns.ended,
      meta: { width: '8rem', leaves: 1 },
      cell: ({ row: { original } }) =>
        original.endedAt === null ? <Live deployment={original} /> : <When at={original.endedAt} />,
    },
    {
      id: 'endedBy',
      header: columns.endedBy,
      meta: { width: '11rem', leaves: 4 },
      cell: ({ row: { original } }) =>
        original.endedBy === null ? (
          <Absent>{notEnded}</Absent>
        ) : (
          <Actor organization={organization} id={original.endedBy} />
        ),
    },
    {
      id: 'again',
      header: columns.again,
      meta: { width: '5.5rem' },
      cell: ({ row }) => <Redeploy deployment={row.original} />,
    },
  ]
}

interface CellProps {
  readonly deployment: ListedDeployment
}

function Version({ deployment: { version, origin, createdAt } }: CellProps) {
  const { origins, rest } = t.pipeline.deployments
  const since = useAtNow((nowMs) => relative(Date.parse(createdAt), nowMs))
  return (
    <RowName
      name={version}
      rest={rest(origins[origin ?? 'unknown'], since)}
      to={{
        to: '.',
        search: (search) => ({ ...search, tab: 'versions', after: version, before: undefined }),
      }}
    />
  )
}

/** A live version, or one whose callers get 503. */
function Live({ deployment: { inMaintenance } }: CellProps) {
  return inMaintenance ? <MaintenanceState /> : <State tone="ok">{t.pipeline.deployments.liveNow}</State>
}

function Redeploy({ deployment: { id, environment } }: CellProps) {
  const { may } = usePlace()
  if (!may('pipelines.deploy', environment)) return null
  return (
    <Link to="." search={(search) => ({ ...search, ...CLOSED, panel: 'redeploy', deployment: id })}>
      {t.pipeline.deployments.redeploy}
    </Link>
  )
}
