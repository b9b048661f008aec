import type { ListedDeployment } from '@sallyport/sdk'
import { InForce } from '../../../parts/in-force.tsx'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { MaintenanceState } from '../maintenance/maintenance-state.tsx'

interface PipelineInForceProps {
  readonly live: readonly ListedDeployment[]
  /** Whether what is live was read. */
  readonly isKnown: boolean
}

/** Which versions are live where, and since when. */
export function PipelineInForce({ live, isKnown }: PipelineInForceProps) {
  const { environment } = usePlace()
  const shown = live.filter((each) => environment === undefined || each.environment === environment)
  const { force } = t.pipeline
  return (
    <InForce>
      {isKnown && shown.length === 0 && <span>{force.nothing(environment)}</span>}
      {shown.map(({ id, version, environment: where, createdAt, inMaintenance }) => (
        <span key={id}>
          <strong>{force.version(version, where)}</strong> {force.since} <When at={createdAt} as="day" />{' '}
          {inMaintenance && <MaintenanceState />}
        </span>
      ))}
    </InForce>
  )
}
