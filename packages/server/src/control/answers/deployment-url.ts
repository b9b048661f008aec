import type { DeploymentRow } from '../../store/port/deployments.ts'

/** How callers reach the gateway. */
export interface GatewayLocation {
  /** The base of its URLs, without a slash at the end; asked for at each answer, since its port can be any free one. */
  readonly url: () => string
  readonly hosts: readonly {
    readonly host: string
    readonly organization: string
    readonly environment: string
  }[]
}

/**
 * Where callers reach a deployment: at the host that belongs to its environment, else below the gateway's own URL.
 *
 * @returns null for a schedule, which nobody calls
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
  // A host of one's own is a public name, and a public name is behind TLS.
  if (own !== undefined) return `https://${own.host}${path}`
  return `${gateway.url()}/${organization}/${environment}${path}`
}
