import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Problem } from '@sallyport/core'
import type { Logger } from 'pino'
import { AddressSet } from '../address/address-set.ts'
import type { GatewayFacts } from '../app/keys/verification.ts'
import { BasicAuthenticator } from '../gateway/credentials/basic-authenticator.ts'
import { IssuerKeys } from '../gateway/credentials/issuer-keys.ts'
import { JwtVerifier } from '../gateway/credentials/jwt-verifier.ts'
import { parseRequestTarget } from '../gateway/request/request-target.ts'
import { findRoute } from '../gateway/routing/find-route.ts'
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
}: {
  readonly monotonicMs: () => number
  readonly logger: Logger
  readonly upstreamAllow: readonly string[]
}): OpenGatewayFacts {
  const connections = new ConnectionPool(new AddressSet(upstreamAllow))
  const passwords = new BasicAuthenticator({ monotonicMs })
  const tokens = new JwtVerifier(new IssuerKeys({ requester: connections, logger }), logger, monotonicMs)
  return {
    route(environment, method, path) {
      const target = parseRequestTarget(path)
      if ('problem' in target) throw refusedPath(target.problem)
      const methods = environment === undefined ? [] : routesOf(environment).methodsOf(target.path)
      const asked = method ?? methods[0] ?? 'GET'
      const request = new IncomingMessage(new Socket())
      const { form } = target
      const { fact, problem } = findRoute(environment, asked, target.path, form, request, 'unless-served')
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

function refusedPath(message: string): Problem {
  return new Problem('invalid_request', { extensions: { errors: [{ path: '/path', message }] } })
}
