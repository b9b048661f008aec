import { isIPv6 } from 'node:net'
import type { EnvironmentHosts } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'

/** How callers reach the gateway. */
export interface GatewayLocation {
  /** The base URL without a trailing slash; read for each response, because the port may be chosen at start. */
  readonly url: () => string
  readonly hosts: EnvironmentHosts
}

/**
 * The URL of a deployment for callers: on the first of its own hosts that belongs to its environment, else on the first host of
 * the environment, else below the gateway's own URL.
 *
 * @returns null for a schedule, which has no callers, and while no host of the deployment belongs to its environment
 */
export function deploymentUrl(
  gateway: GatewayLocation,
  { organization, environment, spec }: Pick<DeploymentRow, 'organization' | 'environment' | 'spec'>,
): string | null {
  const { paths, hosts } = spec.trigger
  const path = paths[0]
  if (path === undefined) return null
  const place = { organization, environment }
  const host =
    hosts === undefined
      ? gateway.hosts.hostsOf(place).find((each) => !each.startsWith('*'))
      : hosts.find((each) => gateway.hosts.isServed(each, place))
  // A configured host is a public name, and public names use TLS.
  if (host !== undefined) return `https://${isIPv6(host) ? `[${host}]` : host}${path}`
  return hosts === undefined ? `${gateway.url()}/${organization}/${environment}${path}` : null
}
