import type { IncomingMessage } from 'node:http'
import {
  AMBIGUOUS_ROUTES_PROBLEM,
  ENCODED_SLASH_PROBLEM,
  OTHER_ROUTE_PROBLEM,
  type EnvironmentView,
  type PathForm,
  type RouteFact,
} from '@sallyport/core'
import { routesOf } from './environment-routes.ts'
import type { Route, Routes } from './route-table.ts'
import { AMBIGUOUS } from './route-tree.ts'

/** The result of routing a request. */
export interface RouteMatch {
  readonly fact: RouteFact
  /** The matching route; null if none matches. */
  readonly route: Route | null
  /** Whether the request is a CORS preflight that the route answers. */
  readonly preflight: boolean
  /** Why the path is refused although it may match, such as that a server could read it as another one; or null. */
  readonly problem: string | null
}

/** `unless-served`: an OPTIONS route of the path takes precedence over preflights. */
export type PreflightRule = 'always' | 'unless-served'

const NOT_FOUND: RouteMatch = { fact: { kind: 'not_found' }, route: null, preflight: false, problem: null }
const TOO_AMBIGUOUS: RouteMatch = { ...NOT_FOUND, problem: AMBIGUOUS_ROUTES_PROBLEM }
const ENCODED_SLASH_NOWHERE: RouteMatch = { ...NOT_FOUND, problem: ENCODED_SLASH_PROBLEM }

/**
 * Finds the route of a request. A CORS preflight is routed by the method that it names. If that route has no CORS rules,
 * the request is a plain OPTIONS request.
 *
 * @param form how other servers could read the path
 * @param request its headers show whether it is a preflight
 * @param preflights whether preflights are recognized on paths with an OPTIONS route of their own
 * @param host the environment's own host that it is sent to, see `EnvironmentPath`
 */
export function findRoute(
  environment: EnvironmentView | undefined,
  method: string,
  path: string,
  form: PathForm,
  request: IncomingMessage,
  preflights: PreflightRule,
  host: string | null = null,
): RouteMatch {
  if (environment === undefined) return form === 'encoded-slash' ? ENCODED_SLASH_NOWHERE : NOT_FOUND
  const routes = routesOf(environment, host)
  const route = routes.find(method, path)
  if (route === AMBIGUOUS) return TOO_AMBIGUOUS
  const isServed = route !== null && preflights === 'unless-served'
  if (method === 'OPTIONS' && request.headers.origin !== undefined && !isServed) {
    const asked = request.headers['access-control-request-method']
    const answering = asked === undefined ? null : routes.find(asked, path)
    if (answering === AMBIGUOUS) return TOO_AMBIGUOUS
    if (asked !== undefined && answering !== null && answering.deployment.spec.trigger.cors !== null) {
      const problem = pathProblem(routes, answering, asked, path, form)
      return { fact: answering.fact, route: answering, preflight: true, problem }
    }
  }
  const problem = pathProblem(routes, route, method, path, form)
  if (route !== null) return { fact: route.fact, route, preflight: false, problem }
  const allowed = routes.methodsOf(path)
  if (allowed.length === 0) return problem === null ? NOT_FOUND : { ...NOT_FOUND, problem }
  return { fact: { kind: 'method_not_allowed', allowed }, route: null, preflight: false, problem }
}

/** Why a path is refused that a lenient server could read differently, or null. */
function pathProblem(
  routes: Routes,
  route: Route | null,
  method: string,
  path: string,
  form: PathForm,
): string | null {
  if (form === 'encoded-slash' && route?.deployment.spec.trigger.encodedSlashes !== 'allow') {
    return ENCODED_SLASH_PROBLEM
  }
  return route !== null && routes.mayReachOther(route, method, path, form === 'plain')
    ? OTHER_ROUTE_PROBLEM
    : null
}
