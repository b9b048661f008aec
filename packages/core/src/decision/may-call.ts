import type { ConsumerRecord, DeploymentRecord } from '../feed/records.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** Whether a key works in a deployment's environment. Another organization's environments are not ours, whatever their names. */
export function isOfEnvironment(key: KeyView, deployment: DeploymentRecord): boolean {
  if (key.organization !== deployment.organization) return true
  const { environment } = key
  return environment === null || environment === deployment.environment
}

/** Whether a key opens a pipeline: by its kind, its consumer, its roles, or as another organization's key. */
export function mayCall(
  snapshot: Snapshot,
  key: KeyView,
  consumer: ConsumerRecord | undefined,
  deployment: DeploymentRecord,
): boolean {
  const { organization } = deployment
  if (key.organization !== organization) {
    const external = snapshot.externalKey(organization, key.id)
    return (
      external !== undefined &&
      external.active &&
      !key.isPublic &&
      snapshot.rolesPermit(organization, external.roles, 'pipelines.invoke', deployment)
    )
  }
  if (key.isPublic) return deployment.spec.trigger.acceptsPublicKeys
  if (isAssociated(consumer, deployment)) return true
  return snapshot.rolesPermit(organization, key.roles, 'pipelines.invoke', deployment)
}

/** Whether an active consumer of the deployment's own environment is associated with its pipeline. */
export function isAssociated(consumer: ConsumerRecord | undefined, deployment: DeploymentRecord): boolean {
  return (
    consumer !== undefined &&
    consumer.active &&
    consumer.organization === deployment.organization &&
    consumer.environment === deployment.environment &&
    consumer.pipelines.includes(deployment.pipeline)
  )
}
