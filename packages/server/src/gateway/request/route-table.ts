import type { DeploymentRecord, EnvironmentView, RouteFact } from '@sallyport/core'
import findMyWay from 'find-my-way'
import { TARGET_CHARS_MAX } from './request-target.ts'

/** One route pattern of one deployment. */
export interface Route {
  readonly deployment: DeploymentRecord
  readonly pattern: string
  /** What the decision is told of it: made once, not for each request. */
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

  constructor(deployments: readonly DeploymentRecord[]) {
    for (const deployment of deployments) {
      const { methods, paths } = deployment.spec.trigger
      for (const pattern of paths) {
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

  /** The route of a method and a path, or null. */
  find(method: string, path: string): Route | null {
    const found = this.#router.find(method as findMyWay.HTTPMethod, path)
    if (found === null) return null
    // A parameter stands for a segment with something in it; a wildcard may stand for nothing.
    for (const name in found.params) {
      if (found.params[name] === '' && name !== '*') return null
    }
    return found.store as Route
  }

  /** The methods that a path has, in alphabetical order; empty for a path that has no route. */
  methodsOf(path: string): string[] {
    return [...this.#methods].filter((method) => this.find(method, path) !== null).sort()
  }

  #add(method: string, route: Route): void {
    // The deployment gate refuses conflicting routes; if two meet here nonetheless, the one that was there stays.
    if (this.#router.hasRoute(method as findMyWay.HTTPMethod, route.pattern)) return
    try {
      this.#router.on(method as findMyWay.HTTPMethod, route.pattern, NO_HANDLER, route)
      this.#methods.add(method)
    } catch {
      // A pattern of the same shape under other parameter names, or a method that HTTP servers do not know: as above.
    }
  }
}

function makeRoute(deployment: DeploymentRecord, pattern: string): Route {
  return { deployment, pattern, fact: { kind: 'found', deployment } }
}

const NO_QUERY = {}
const NO_HANDLER = (): void => undefined
const tables = new WeakMap<EnvironmentView['deployments'], RouteTable>()

/** The routes of an environment: made on first use, gone with its deployments, which a change replaces. */
export function routesOf({ deployments }: EnvironmentView): RouteTable {
  let table = tables.get(deployments)
  if (table === undefined) {
    table = new RouteTable([...deployments.values()])
    tables.set(deployments, table)
  }
  return table
}
