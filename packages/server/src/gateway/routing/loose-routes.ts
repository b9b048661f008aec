import { looseSegments, type DeploymentRecord } from '@sallyport/core'

/** A route as far as lenient servers distinguish it. */
interface LooseRoute {
  readonly deployment: DeploymentRecord
  readonly methods: readonly string[]
}

/** A prefix of patterns. Most nodes have few of these, so empty maps and lists are shared. */
interface Node {
  statics: Map<string, Node> | null
  parameter: Node | null
  /** The routes that end here. */
  routes: readonly LooseRoute[]
  /** The routes that end here with a wildcard. */
  wildcards: readonly LooseRoute[]
}

/**
 * The routes of an environment as the most lenient servers tell them apart, see `looseSegments`. The route table itself
 * is exact, so `/Admin` does not match the route `/admin` and falls through to a wildcard beside it. If the server
 * behind the wildcard reads `/Admin` as `/admin`, callers would reach it without the credentials of `/admin`.
 */
export class LooseRoutes {
  readonly #root = emptyNode()
  /** Whether a pattern has rivals, see `#hasRival`, by pattern and deployment. */
  readonly #rivals = new WeakMap<DeploymentRecord, Map<string, boolean>>()

  constructor(deployments: Iterable<DeploymentRecord>) {
    for (const deployment of deployments) {
      const { methods, paths } = deployment.spec.trigger
      const served = methods.includes('GET') ? [...methods, 'HEAD'] : methods
      for (const pattern of paths) this.#add(pattern, { deployment, methods: served })
    }
  }

  /**
   * Whether a lenient server could read a path as that of a guarded route of another deployment.
   *
   * @param matched the deployment whose route matches the path exactly
   * @param pattern the pattern of that route
   */
  mayReachOther(matched: DeploymentRecord, pattern: string, method: string, path: string): boolean {
    if (!this.#hasRival(matched, pattern)) return false
    const found = mostSpecific(this.#root, looseSegments(path), 0, method)
    if (found.some(({ deployment }) => deployment === matched)) return false
    return found.some(({ deployment }) => isGuarded(deployment))
  }

  /** Whether any guarded route of another deployment begins as a pattern does. It is found out once for each pattern. */
  #hasRival(matched: DeploymentRecord, pattern: string): boolean {
    let known = this.#rivals.get(matched)
    if (known === undefined) {
      known = new Map()
      this.#rivals.set(matched, known)
    }
    let hasRival = known.get(pattern)
    if (hasRival === undefined) {
      const isRival = (route: LooseRoute): boolean =>
        route.deployment !== matched && isGuarded(route.deployment)
      hasRival = hasRouteBelow(this.#root, staticPrefix(pattern), 0, isRival)
      known.set(pattern, hasRival)
    }
    return hasRival
  }

  #add(pattern: string, route: LooseRoute): void {
    let node = this.#root
    for (const segment of pattern.split('/')) {
      if (segment === '*') {
        node.wildcards = [...node.wildcards, route]
        return
      }
      if (segment.startsWith(':')) {
        node = node.parameter ??= emptyNode()
        continue
      }
      for (const text of PLAIN_SEGMENT.test(segment) ? [segment] : looseSegments(segment)) {
        node.statics ??= new Map()
        let next = node.statics.get(text)
        if (next === undefined) {
          next = emptyNode()
          node.statics.set(text, next)
        }
        node = next
      }
    }
    node.routes = [...node.routes, route]
  }
}

const NO_ROUTES: readonly LooseRoute[] = []
/** Most segments of patterns are their own loose reading. */
const PLAIN_SEGMENT = /^[a-z0-9_-]+$/

function emptyNode(): Node {
  return { statics: null, parameter: null, routes: NO_ROUTES, wildcards: NO_ROUTES }
}

/** The routes of the most specific pattern that matches. Each node is visited at most once, since they form a tree. */
function mostSpecific(node: Node, segments: readonly string[], index: number, method: string): LooseRoute[] {
  const segment = segments[index]
  const serving = (routes: readonly LooseRoute[]): LooseRoute[] =>
    routes.filter(({ methods }) => methods.includes(method))
  if (segment === undefined) {
    const ending = serving(node.routes)
    return ending.length > 0 ? ending : serving(node.wildcards)
  }
  for (const next of [node.statics?.get(segment), node.parameter]) {
    if (next === undefined || next === null) continue
    const found = mostSpecific(next, segments, index + 1, method)
    if (found.length > 0) return found
  }
  return serving(node.wildcards)
}

/** The segments of a pattern before its first parameter or wildcard. */
function staticPrefix(pattern: string): string[] {
  const segments = pattern.split('/')
  const dynamic = segments.findIndex((segment) => segment === '*' || segment.startsWith(':'))
  return looseSegments(segments.slice(0, dynamic < 0 ? segments.length : dynamic).join('/'))
}

/** Whether a route that matches some path with this prefix passes the test. */
function hasRouteBelow(
  node: Node,
  prefix: readonly string[],
  index: number,
  test: (route: LooseRoute) => boolean,
): boolean {
  if (node.wildcards.some(test)) return true
  const segment = prefix[index]
  const below = segment === undefined ? [...(node.statics?.values() ?? [])] : [node.statics?.get(segment)]
  if (segment === undefined && node.routes.some(test)) return true
  return [...below, node.parameter].some(
    (next) => next !== undefined && next !== null && hasRouteBelow(next, prefix, index + 1, test),
  )
}

function isGuarded({ spec }: DeploymentRecord): boolean {
  const { apiKey, jwt, basic } = spec.trigger.authentication
  return apiKey || jwt || basic
}
