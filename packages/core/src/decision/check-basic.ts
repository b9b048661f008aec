import type { BasicFact } from './decision.ts'
import type { DenyReason } from './deny.ts'
import type { DeploymentRecord } from '../feed/records.ts'
import { isAssociated } from './may-call.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/**
 * Basic credentials name a consumer: the API key's own where there is one. It must be one that may call the pipeline,
 * unless a secret key opens that by itself: a public key is in everybody's hands, so it opens nothing for a consumer.
 */
export function checkBasic(
  snapshot: Snapshot,
  basic: BasicFact,
  key: KeyView | undefined,
  deployment: DeploymentRecord,
): { reason: DenyReason; consumer: null } | { reason: null; consumer: string } {
  if (basic.kind === 'ambiguous') return { reason: 'credential_ambiguous', consumer: null }
  if (basic.kind !== 'valid') return { reason: 'basic_invalid', consumer: null }
  const consumer = snapshot.consumer(basic.consumer)
  if (consumer === undefined || !consumer.active || consumer.organization !== deployment.organization) {
    return { reason: 'basic_invalid', consumer: null }
  }
  const keyConsumer = key?.consumer ?? null
  if (keyConsumer !== null && keyConsumer !== consumer.id) return { reason: 'basic_invalid', consumer: null }
  const isPermitted =
    key === undefined || key.isPublic
      ? isAssociated(consumer, deployment)
      : consumer.environment === deployment.environment
  if (!isPermitted) return { reason: 'pipeline_not_allowed', consumer: null }
  return { reason: null, consumer: consumer.id }
}
