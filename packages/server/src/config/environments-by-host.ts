import type { HostEnvironment } from '@sallyport/core'
import type { HostConfig } from './config.ts'

/** The operator's hosts as gateways and the control plane look them up. */
export function environmentsByHost(hosts: readonly HostConfig[]): ReadonlyMap<string, HostEnvironment> {
  return new Map(hosts.map(({ host, organization, environment }) => [host, { organization, environment }]))
}
