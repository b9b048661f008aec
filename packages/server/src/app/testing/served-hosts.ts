import { EnvironmentHosts } from '@sallyport/core'
import { servedHostsOf, type ServedHosts } from '../gate/check-hosts.ts'

/** The hosts of an environment of `acme`; all others belong to another organization. */
export function servedHosts(environment: string, ...hosts: readonly string[]): ServedHosts {
  const place = { organization: 'acme', environment }
  const all = new Map([
    ['other.example.com', { organization: 'rival', environment }],
    ...hosts.map((host) => [host, place] as const),
  ])
  return servedHostsOf(new EnvironmentHosts(all), place)
}
