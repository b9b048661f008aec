import type { IncomingMessage } from 'node:http'
import type { EnvironmentView, RouteFact } from '@sallyport/core'
import { routesOf, type Route } from './route-table.ts'

/** Where a request was found to go. */
export interface Routed {
  readonly fact: RouteFact
  /** The pattern that matched; null where none did. */
  readonly route: Route | null
  /** Whether the request is a CORS preflight of a route that answers them. */
  readonly preflight: boolean
}

const NOT_FOUND: Routed = { fact: { kind: 'not_found' }, route: null, preflight: false }

/**
 * Finds the route of a request. A CORS preflight is routed by the method that it asks about; where the route found so
 * answers no preflights, it is a plain OPTIONS request like any other.
 *
 * @param request whose headers say whether it is a preflight
 * @param preflights `unless-served` where a path that takes OPTIONS as a method of its own has no preflights
 */
export function findRoute(
  environment: EnvironmentView | undefined,
  method: string,
  path: string,
  request: IncomingMessage,
  preflights: 'always' | 'unless-served',
): Routed {
  if (environment === undefined) return NOT_FOUND
  const routes = routesOf(environment)
  const route = routes.find(method, path)
  const isServed = route !== null && preflights === 'unless-served'
  if (method === 'OPTIONS' && request.headers.origin !== undefined && !isServed) {
    const asked = request.headers['access-control-request-method']
    const answering = asked === undefined ? null : routes.find(asked, path)
    if (answering !== null && answering.deployment.spec.trigger.cors !== null) {
      return { fact: answering.fact, route: answering, preflight: true }
    }
  }
  if (route !== null) {
    return { fact: route.fact, route, preflight: false }
  }
  const allowed = routes.methodsOf(path)
  return allowed.length === 0
    ? NOT_FOUND
    : { fact: { kind: 'method_not_allowed', allowed }, route: null, preflight: false }
}
