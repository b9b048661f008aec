import { useQuery } from '@tanstack/react-query'
import { State } from '../../../parts/state.tsx'
import { t } from '../../../texts/texts.ts'
import { versionQuery, versionsQuery } from '../data/queries.ts'
import { isInMaintenance } from './maintenance-spec.ts'

/** Says that callers of a live version get 503. */
export function MaintenanceState() {
  return (
    <State tone="warn" mark="half">
      {t.maintenance.state}
    </State>
  )
}

/** Which versions of a pipeline are in maintenance; none before they are read. */
export function usePaused(organization: string, pipeline: string): (version: string) => boolean {
  const { data = [] } = useQuery(versionsQuery(organization, pipeline))
  return (wanted) => isInMaintenance(data.find(({ version }) => version === wanted)?.spec)
}

interface VersionMaintenanceProps {
  readonly organization: string
  readonly pipeline: string
  readonly version: string
}

/** The same where only this version of the pipeline is shown; nothing if its callers are served. */
export function VersionMaintenance({ organization, pipeline, version }: VersionMaintenanceProps) {
  const { data } = useQuery(versionQuery(organization, pipeline, version))
  return isInMaintenance(data?.spec) && <MaintenanceState />
}
