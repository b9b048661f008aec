import { isPlainPath, type DeploymentRecord, type EnvironmentView, type RouteFact } from '@sallyport/core'
import findMyWay from 'find-my-way'
import { TARGET_CHARS_MAX } from '../request/request-target.ts'
import { LooseRoutes } from './loose-routes.ts'

/** One route pattern of one deployment. */
export interface Route {
  readonly deployment: DeploymentRecord
  readonly pattern: string
  /** Whether the pattern has a parameter or a wildcard, so that it matches more than one path. */
  readonly isDynamic: boolean
  /** The route as `decide` reads it: made once, not per request. */
  readonly fact: RouteFact
}

/** The routes of one environment. */
export class RouteTable {
  readonly #router = findMyWay({
    caseSensitive: true,
    ignoreTrailingSlash: false,
    ignoreDuplicateSlashes: false,
    maxParamLength: TARGET_CHARS_MAX,
    querystringParser: () => NO_QUERY,
  })
  readonly #methods = new Set<string>()
  readonly #deployments: readonly DeploymentRecord[]
  #loose: LooseRoutes | null = null
  /** Whether a pattern has upper case or other text for which even a plain path can be a variant. */
  #hasVariantPatterns = false

  constructor(deployments: readonly DeploymentRecord[]) {
    this.#deployments = deployments
    for (const deployment of deployments) {
      const { methods, paths } = deployment.spec.trigger
      for (const pattern of paths) {
        this.#hasVariantPatterns ||= !isPlainPath(pattern.replace(DYNAMIC_SEGMENTS, '/x'))
        const route = makeRoute(deployment, pattern)
        for (const method of methods) this.#add(method, route)
      }
    }
    // GET implies HEAD (RFC 9110 section 9.3.2), unless a pipeline answers HEAD itself.
    for (const deployment of deployments) {
      const { methods, paths } = deployment.spec.trigger
      if (!methods.includes('GET')) continue
      for (const pattern of paths) this.#add('HEAD', makeRoute(deployment, pattern))
    }
  }

  /** The route for a method and path, or null. */
  find(method: string, path: string): Route | null {
    const found = this.#router.find(method as findMyWay.HTTPMethod, path)
    if (found === null) return null
    // A parameter needs a non-empty segment; a wildcard also matches nothing.
    for (const name in found.params) {
      if (found.params[name] === '' && name !== '*') return null
    }
    return found.store as Route
  }

  /**
   * Whether a lenient server could read a path as that of another, guarded route.
   *
   * @param route the one that matches the path exactly
   * @param isPlain whether the path is plain, see `PathForm`
   */
  mayReachOther(route: Route, method: string, path: string, isPlain: boolean): boolean {
    if (!route.isDynamic || (isPlain && !this.#hasVariantPatterns)) return false
    // Most environments never receive such a path, so the second index is made for the first one.
    this.#loose ??= new LooseRoutes(this.#deployments)
    return this.#loose.mayReachOther(route.deployment, route.pattern, method, path)
  }

  /** The methods that have a route for a path, in alphabetical order. */
  methodsOf(path: string): string[] {
    return [...this.#methods].filter((method) => this.find(method, path) !== null).sort()
  }

  #add(method: string, route: Route): void {
    // The deployment gate refuses conflicting routes. If two still conflict, the first one stays.
    if (this.#router.hasRoute(method as findMyWay.HTTPMethod, route.pattern)) return
    try {
      this.#router.on(method as findMyWay.HTTPMethod, route.pattern, NO_HANDLER, route)
      this.#methods.add(method)
    } catch {
      // The pattern exists with other parameter names, or HTTP servers do not know the method: as above.
    }
  }
}

const DYNAMIC_SEGMENTS = /\/(?::[^/]*|\*)/g

function makeRoute(deployment: DeploymentRecord, pattern: string): Route {
  const isDynamic = pattern.includes('/:') || pattern.endsWith('/*')
  return { deployment, pattern, isDynamic, fact: { kind: 'found', deployment } }
}

const NO_QUERY = {}
const NO_HANDLER = (): void => undefined
const tables = new WeakMap<EnvironmentView['deployments'], RouteTable>()

/** The routes of an environment. Cached for as long as its map of deployments is the same object. */
export function routesOf({ deployments }: EnvironmentView): RouteTable {
  let table = tables.get(deployments)
  if (table === undefined) {
    table = new RouteTable([...deployments.values()])
    tables.set(deployments, table)
  }
  return table
}
