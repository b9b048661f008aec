import type { IncomingMessage } from 'node:http'
import type { EnvironmentView, RouteFact } from '@sallyport/core'
import { routesOf, type Route } from './route-table.ts'

/** The result of routing a request. */
export interface RouteMatch {
  readonly fact: RouteFact
  /** The matching route; null if none matches. */
  readonly route: Route | null
  /** Whether the request is a CORS preflight that the route answers. */
  readonly preflight: boolean
}

/** `unless-served`: an OPTIONS route of the path takes precedence over preflights. */
export type PreflightRule = 'always' | 'unless-served'

const NOT_FOUND: RouteMatch = { fact: { kind: 'not_found' }, route: null, preflight: false }

/**
 * Finds the route of a request. A CORS preflight is routed by the method that it names. If that route has no CORS rules,
 * the request is a plain OPTIONS request.
 *
 * @param request its headers show whether it is a preflight
 * @param preflights whether preflights are recognized on paths with an OPTIONS route of their own
 */
export function findRoute(
  environment: EnvironmentView | undefined,
  method: string,
  path: string,
  request: IncomingMessage,
  preflights: PreflightRule,
): RouteMatch {
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
