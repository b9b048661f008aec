import type { DeploymentRow } from '../store/rows.ts'
import type { GatewayPlace } from './dependencies.ts'

/**
 * Where callers reach a deployment: at the host that belongs to its environment, else below the gateway's own URL.
 *
 * @returns null for a schedule, which nobody calls
 */
export function deploymentUrl(
  gateway: GatewayPlace,
  { organization, environment, spec }: Pick<DeploymentRow, 'organization' | 'environment' | 'spec'>,
): string | null {
  const path = spec.trigger.paths[0]
  if (path === undefined) return null
  const own = gateway.hosts.find(
    (entry) => entry.organization === organization && entry.environment === environment,
  )
  // A host of one's own is a public name, and a public name is behind TLS.
  if (own !== undefined) return `https://${own.host}${path}`
  return `${gateway.url()}/${organization}/${environment}${path}`
}
