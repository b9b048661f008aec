import type { DeploymentRecord } from '../feed/records.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { BasicFact } from './decision.ts'
import type { DenyReason } from './deny.ts'
import { consumerMayCall } from './pipeline-access.ts'

/**
 * Checks the consumer that Basic credentials identify (RFC 7617). When the API key belongs to a consumer, it must be the
 * same one. The consumer must be associated with the pipeline, unless the request also has a secret key, which then
 * authorizes the call. A public key does not, because anyone can have it.
 *
 * @returns the consumer's id, or the reason why the request is denied
 */
export function checkBasic(
  snapshot: Snapshot,
  basic: BasicFact,
  key: KeyView | undefined,
  deployment: DeploymentRecord,
): { reason: DenyReason; consumer: null } | { reason: null; consumer: string } {
  if (basic.kind === 'ambiguous') return { reason: 'credential_ambiguous', consumer: null }
  if (basic.kind !== 'valid') return { reason: 'basic_invalid', consumer: null }
  const { credential } = basic
  if (credential !== undefined && snapshot.basicCredentialById(credential)?.consumer !== basic.consumer) {
    return { reason: 'basic_invalid', consumer: null }
  }
  const consumer = snapshot.consumer(basic.consumer)
  if (consumer === undefined || !consumer.active || consumer.organization !== deployment.organization) {
    return { reason: 'basic_invalid', consumer: null }
  }
  const keyConsumer = key?.consumer ?? null
  if (keyConsumer !== null && keyConsumer !== consumer.id) return { reason: 'basic_invalid', consumer: null }
  const isPermitted =
    key === undefined || key.isPublic
      ? consumerMayCall(consumer, deployment)
      : consumer.environment === deployment.environment
  if (!isPermitted) return { reason: 'pipeline_not_allowed', consumer: null }
  return { reason: null, consumer: consumer.id }
}
