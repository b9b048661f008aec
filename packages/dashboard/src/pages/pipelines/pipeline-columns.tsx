import { Absent } from '../../parts/absent.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { Id } from '../../parts/id.tsx'
import { RowName } from '../../parts/table/row-name.tsx'
import { State } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { MaintenanceState } from './maintenance/maintenance-state.tsx'
import { t } from '../../texts/texts.ts'
import classes from './pipeline-columns.module.css'
import type { LiveVersion, PipelineRow } from './rows.ts'

/** The columns of the list: one for each environment that is shown. */
export function pipelineColumns(
  organization: string,
  environments: readonly string[],
): Column<PipelineRow>[] {
  const { columns } = t.pipelines
  return [
    {
      id: 'name',
      header: columns.name,
      meta: { order: 'name' },
      cell: ({ row }) => (
        <RowName
          name={row.original.name}
          rest={restOf(row.original, environments)}
          to={{
            to: '/organizations/$organization/pipelines/$pipeline',
            params: { organization, pipeline: row.original.name },
          }}
        />
      ),
    },
    {
      id: 'project',
      header: columns.project,
      meta: { width: '9rem', leaves: 3 },
      cell: ({ row }) => row.original.project,
    },
    {
      id: 'newest',
      header: columns.newest,
      meta: { width: '7rem', leaves: 2 },
      cell: ({ row }) => <Id>{row.original.version}</Id>,
    },
    ...environments.map((environment): Column<PipelineRow> => ({
      id: `in-${environment}`,
      header: environment,
      meta: { leaves: 1 },
      cell: ({ row }) => <Live versions={row.original.live.get(environment) ?? []} />,
    })),
    {
      id: 'created',
      header: columns.created,
      meta: { width: '7.5rem', leaves: 4, order: 'createdAt' },
      cell: ({ row }) => <When at={row.original.createdAt} as="day" />,
    },
  ]
}

/** What has left the row of a narrow list: what is live where. */
function restOf({ live, project }: PipelineRow, environments: readonly string[]): string {
  const places = environments.flatMap((environment) => {
    const versions = live.get(environment) ?? []
    if (versions.length === 0) return []
    const isFaulty = versions.some(({ isConforming }) => isConforming === false)
    return [
      t.pipelines.liveIn(
        versions.map(({ version }) => version),
        environment,
        isFaulty,
      ),
    ]
  })
  return t.pipelines.rest(project, places)
}

interface LiveProps {
  readonly versions: readonly LiveVersion[]
}

function Live({ versions }: LiveProps) {
  if (versions.length === 0) return <Absent>{t.pipelines.notLive}</Absent>
  return (
    <span className={classes.live}>
      {versions.map(({ version, inMaintenance }) => (
        <span key={version} className={classes.version}>
          <Id>{version}</Id>
          {inMaintenance && <MaintenanceState />}
        </span>
      ))}
      {versions.some(({ isConforming }) => isConforming === false) && (
        <State tone="bad">{t.pipelines.notConforming}</State>
      )}
    </span>
  )
}
