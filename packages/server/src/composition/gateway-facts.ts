import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Problem, type EnvironmentView, type HostEnvironment } from '@sallyport/core'
import type { Logger } from 'pino'
import { AddressSet } from '../address/address-set.ts'
import { hostName } from '../address/host-name.ts'
import type { GatewayFacts } from '../app/keys/verification.ts'
import { BasicAuthenticator } from '../gateway/credentials/basic-authenticator.ts'
import { IssuerKeys } from '../gateway/credentials/issuer-keys.ts'
import { JwtVerifier } from '../gateway/credentials/jwt-verifier.ts'
import { parseRequestTarget } from '../gateway/request/request-target.ts'
import { findRoute } from '../gateway/routing/find-route.ts'
import { HostMap } from '../gateway/routing/host-map.ts'
import { routesOf } from '../gateway/routing/environment-routes.ts'
import { ConnectionPool } from '../egress/connection-pool.ts'

export interface OpenGatewayFacts extends GatewayFacts, AsyncDisposable {}

/**
 * Finds the facts of a decision with the gateway's own parts, for a control plane that verifies credentials. Disposing
 * closes the connections to issuers.
 */
export function openGatewayFacts({
  monotonicMs,
  logger,
  upstreamAllow,
  hosts,
}: {
  readonly monotonicMs: () => number
  readonly logger: Logger
  readonly upstreamAllow: readonly string[]
  /** See `EnvironmentHosts`. */
  readonly hosts: ReadonlyMap<string, HostEnvironment>
}): OpenGatewayFacts {
  const hostMap = new HostMap(hosts)
  const connections = new ConnectionPool(new AddressSet(upstreamAllow))
  const passwords = new BasicAuthenticator({ monotonicMs })
  const tokens = new JwtVerifier(new IssuerKeys({ requester: connections, logger }), logger, monotonicMs)
  return {
    route(environment, method, path, host) {
      const target = parseRequestTarget(path)
      if ('problem' in target) throw refusedPath(target.problem)
      const own = environment === undefined ? null : ownHost(hostMap, environment, host)
      if (own === undefined) return { kind: 'not_found' }
      const methods = environment === undefined ? [] : routesOf(environment, own).methodsOf(target.path)
      const asked = method ?? methods[0] ?? 'GET'
      const request = new IncomingMessage(new Socket())
      const { form } = target
      const { fact, problem } = findRoute(
        environment,
        asked,
        target.path,
        form,
        request,
        'unless-served',
        own,
      )
      if (problem !== null) throw refusedPath(problem)
      return fact
    },
    // Passwords of one organization wait for each other, not for those of another one.
    basic: (snapshot, check) =>
      passwords.checkPassword(snapshot, { ...check, address: () => check.organization }),
    jwt: (environment, token, atMs) => tokens.verify(environment, token, atMs),
    [Symbol.asyncDispose]: async () => await connections.destroy(),
  }
}

/**
 * The host as routes are found by it: null if the call names none, undefined if it is not the environment's. A gateway looks for
 * the path of a call elsewhere then.
 */
function ownHost(
  hosts: HostMap,
  { organization, name }: EnvironmentView,
  host: string | undefined,
): string | null | undefined {
  if (host === undefined) return null
  const owner = hosts.environmentOf(host)
  return owner?.organization === organization && owner.environment === name ? hostName(host) : undefined
}

function refusedPath(message: string): Problem {
  return new Problem('invalid_request', { extensions: { errors: [{ path: '/path', message }] } })
}
