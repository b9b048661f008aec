import type { DeploymentRow } from '../../store/port/deployments.ts'

/** How callers reach the gateway. */
export interface GatewayLocation {
  /** The base URL without a trailing slash; read for each response, because the port may be chosen at start. */
  readonly url: () => string
  readonly hosts: readonly {
    readonly host: string
    readonly organization: string
    readonly environment: string
  }[]
}

/**
 * The URL of a deployment for callers: on the host of its environment, or else below the gateway's own URL.
 *
 * @returns null for a schedule, which has no callers
 */
export function deploymentUrl(
  gateway: GatewayLocation,
  { organization, environment, spec }: Pick<DeploymentRow, 'organization' | 'environment' | 'spec'>,
): string | null {
  const path = spec.trigger.paths[0]
  if (path === undefined) return null
  const own = gateway.hosts.find(
    (entry) => entry.organization === organization && entry.environment === environment,
  )
  // A configured host is a public name, and public names use TLS.
  if (own !== undefined) return `https://${own.host}${path}`
  return `${gateway.url()}/${organization}/${environment}${path}`
}
