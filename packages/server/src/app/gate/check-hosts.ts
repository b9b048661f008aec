import type { EnvironmentHosts, HostEnvironment, PipelineSpec, Violation, Warning } from '@sallyport/core'

/** The hosts of the operator's settings, as far as they concern an environment. */
export interface ServedHosts extends HostEnvironment {
  /** All hosts and patterns that belong to the environment. */
  readonly all: readonly string[]
  /** Whether a host, or some host of a pattern, belongs to the environment. */
  readonly has: (host: string) => boolean
}

/** The most hosts of the environment that a refusal lists. */
const LISTED_MAX = 5

export function servedHostsOf(
  hosts: EnvironmentHosts,
  { organization, environment }: HostEnvironment,
): ServedHosts {
  const place = { organization, environment }
  return { ...place, all: hosts.hostsOf(place), has: (host) => hosts.isServed(host, place) }
}

/**
 * The problem of a version none of whose hosts belongs to the environment, so that no caller could reach it. One is enough: a
 * version lists the hosts of all the environments that it passes through.
 */
export function hostViolations(
  { trigger }: PipelineSpec,
  environment: string,
  served: ServedHosts,
): Violation[] {
  const { hosts } = trigger
  if (hosts === undefined || hosts.some(served.has)) return []
  const listed = served.all.slice(0, LISTED_MAX).join(', ')
  return [
    {
      rule: 'host-not-served',
      environment,
      path: '/trigger/hosts',
      required: `at least one host that this server maps to ${environment}`,
      found: hosts.join(', '),
      fix: `Ask the operator of the server to add ${mapping(hosts[0] ?? '', served)} to SALLYPORT_HOSTS, or ${
        listed === ''
          ? 'remove hosts from the trigger'
          : `add a host that it has for ${environment}: ${listed}`
      }.`,
    },
  ]
}

/** Warns about hosts that have no effect in the environment. They are those of other environments, or typing errors. */
export function hostWarnings({ trigger }: Pick<PipelineSpec, 'trigger'>, served: ServedHosts): Warning[] {
  return (trigger.hosts ?? []).flatMap((host, index): Warning[] =>
    served.has(host)
      ? []
      : [
          {
            rule: 'host-without-effect',
            path: `/trigger/hosts/${index}`,
            detail: `This server does not map ${host} to ${served.environment}, so callers cannot reach this deployment there. If it is meant for this environment, ask the operator of the server to add ${mapping(host, served)} to SALLYPORT_HOSTS.`,
          },
        ],
  )
}

function mapping(host: string, { organization, environment }: HostEnvironment): string {
  return `${host}=${organization}/${environment}`
}
