import type { Allowed, Denied } from './decision.ts'

/**
 * The id of the consumer that a pipeline's organization may see a request of: one of its own. The consumers of other
 * organizations, whose keys it has added, stay their business. Null if none was identified.
 */
export function ownConsumerOf(decision: Allowed | Denied): string | null {
  if (decision.kind === 'deny') return decision.consumer
  const { principal, deployment } = decision
  return principal.organization === deployment.organization ? principal.consumer : null
}
