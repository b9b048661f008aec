import type { ConsumerRecord, DeploymentRecord, ExternalKeyRecord } from '../feed/records.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/**
 * Whether a key works in a deployment's environment. This holds for every key of another organization: environment
 * names of different organizations are unrelated.
 */
export function keyWorksInEnvironment(key: KeyView, deployment: DeploymentRecord): boolean {
  if (key.organization !== deployment.organization) return true
  const { environment } = key
  return environment === null || environment === deployment.environment
}

/** What another organization's key is here; undefined for a key of the deployment's organization and for a stranger's. */
export function externalKeyOf(
  snapshot: Snapshot,
  key: KeyView,
  { organization }: DeploymentRecord,
): ExternalKeyRecord | undefined {
  return key.organization === organization ? undefined : snapshot.externalKey(organization, key.id)
}

/**
 * Whether a key may call a pipeline: a public key when the pipeline accepts public keys, a secret key by its consumer or
 * roles, another organization's secret key by the roles of its external key.
 *
 * @param consumer the consumer that the key belongs to
 */
export function keyMayCall(
  snapshot: Snapshot,
  key: KeyView,
  consumer: ConsumerRecord | undefined,
  deployment: DeploymentRecord,
): boolean {
  const { organization } = deployment
  if (key.organization !== organization) {
    const external = externalKeyOf(snapshot, key, deployment)
    return (
      external !== undefined &&
      external.active &&
      !key.isPublic &&
      snapshot.rolesPermit(organization, external.roles, 'pipelines.invoke', deployment)
    )
  }
  if (key.isPublic) return deployment.spec.trigger.acceptsPublicKeys
  if (consumerMayCall(consumer, deployment)) return true
  return snapshot.rolesPermit(organization, key.roles, 'pipelines.invoke', deployment)
}

/** Whether a consumer is active, in the deployment's environment and associated with its pipeline or project. */
export function consumerMayCall(consumer: ConsumerRecord | undefined, deployment: DeploymentRecord): boolean {
  return (
    consumer !== undefined &&
    consumer.active &&
    consumer.organization === deployment.organization &&
    consumer.environment === deployment.environment &&
    (consumer.pipelines.includes(deployment.pipeline) ||
      consumer.projects?.includes(deployment.project) === true)
  )
}
