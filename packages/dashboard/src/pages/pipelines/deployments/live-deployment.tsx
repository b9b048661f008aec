import { Button } from '@mantine/core'
import type { ListedDeployment } from '@sallyport/sdk'
import { Actor } from '../../../parts/actor.tsx'
import { CopyableId, Id } from '../../../parts/id.tsx'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { before } from '../deploy/use-act.ts'
import { CLOSED } from '../address/search.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { hasCallers } from '../maintenance/maintenance-spec.ts'
import { MaintenanceState } from '../maintenance/maintenance-state.tsx'
import classes from './deployments-tab.module.css'

interface LiveDeploymentProps {
  readonly deployment: ListedDeployment
  readonly history: readonly ListedDeployment[]
  /** The environment after that of the deployment, in the order of promotion. */
  readonly next: string | undefined
  /** Undefined if that is not known. */
  readonly isConforming: boolean | undefined
  /** The spec of its version; undefined before it is read. */
  readonly spec: unknown
}

/** A deployment that is live, and what can be done with it. */
export function LiveDeployment({ deployment, history, next, isConforming, spec }: LiveDeploymentProps) {
  const { organization, may } = usePlace()
  const { set } = usePipelineSearch()
  const { id, version, environment, url, inMaintenance, origin, createdAt, createdBy } = deployment
  const words = t.pipeline.deployments
  const previous = before(deployment, history)
  const mayChange = may('pipelines.deploy', environment)
  return (
    <div className={classes.live}>
      <div className={classes.facts}>
        <span>
          <Id>{version}</Id> {isConforming === false && <State tone="bad">{t.pipelines.notConforming}</State>}{' '}
          {inMaintenance && <MaintenanceState />}
        </span>
        <span className={text.meta}>
          {words.origins[origin ?? 'unknown']} <When at={createdAt} /> {words.by}{' '}
          <Actor organization={organization} id={createdBy} />
        </span>
        {url !== null && <CopyableId value={url} />}
      </div>
      {mayChange && isConforming === false && (
        <Button size="xs" onClick={() => set({ ...CLOSED, panel: 'deploy', version, to: environment })}>
          {words.fix}
        </Button>
      )}
      {next !== undefined && may('pipelines.deploy', next) && (
        <Button size="xs" onClick={() => set({ ...CLOSED, panel: 'promote', deployment: id, to: next })}>
          {words.promote(next)}
        </Button>
      )}
      {mayChange && previous !== undefined && previous.version !== version && (
        <Button size="xs" onClick={() => set({ ...CLOSED, panel: 'rollback', deployment: id })}>
          {words.rollBack(previous.version)}
        </Button>
      )}
      {mayChange && spec !== undefined && hasCallers(spec) && (
        <Button size="xs" onClick={() => set({ ...CLOSED, dialog: 'maintenance', deployment: id })}>
          {inMaintenance ? t.maintenance.open.end : t.maintenance.open.start}
        </Button>
      )}
      {mayChange && (
        <Button
          size="xs"
          data-destructive
          onClick={() => set({ ...CLOSED, dialog: 'undeploy', deployment: id })}
        >
          {words.undeploy}
        </Button>
      )}
    </div>
  )
}
