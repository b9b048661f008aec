import {
  isPlainPath,
  routePatterns,
  routeSegments,
  type DeploymentRecord,
  type RouteFact,
} from '@sallyport/core'
import type { DeploymentChange } from './deployment-change.ts'
import { isGuarded, LooseRoutes } from './loose-routes.ts'
import { AMBIGUOUS, RouteTree, type Ambiguous, type RouteTreeEdit } from './route-tree.ts'
import type { Steps } from './steps.ts'

/** One route pattern of one deployment. */
export interface Route {
  readonly deployment: DeploymentRecord
  readonly pattern: string
  /** Whether the pattern has a parameter or a wildcard, so that it matches more than one path. */
  readonly isDynamic: boolean
  /** The route as `decide` reads it: made once, not per request. */
  readonly fact: RouteFact
}

/** What requests can reach in one place. */
export interface Routes {
  /**
   * The route for a method and path, or null.
   *
   * @param path percent-encoded; an encoded slash does not end a segment
   * @returns `AMBIGUOUS` if the search would take too long
   */
  find(method: string, path: string): Route | null | Ambiguous
  /**
   * Whether a lenient server could read a path as that of another, guarded route. True if that would take too long.
   *
   * @param route the one that matches the path exactly
   * @param isPlain whether the path is plain, see `PathForm`
   */
  mayReachOther(route: Route, method: string, path: string, isPlain: boolean): boolean
  /** The methods that have a route for a path, in alphabetical order. */
  methodsOf(path: string): string[]
}

/** The routes that compete for the same requests. Immutable: `after` shares what has not changed. */
export class RouteTable implements Routes {
  static readonly EMPTY: RouteTable = new RouteTable(RouteTree.empty(), LooseRoutes.NONE, 0)

  readonly #tree: RouteTree<Route>
  readonly #loose: LooseRoutes
  /** How many patterns have upper case, or else are such that even a plain path can be a variant. */
  readonly #variantPatterns: number

  private constructor(tree: RouteTree<Route>, loose: LooseRoutes, variants: number) {
    this.#tree = tree
    this.#loose = loose
    this.#variantPatterns = variants
  }

  /** The table of an environment's deployments, made in steps of one pattern each. */
  static *of(started: readonly DeploymentRecord[]): Steps<RouteTable> {
    return yield* RouteTable.EMPTY.after({ replaced: [], started, ended: [] })
  }

  /**
   * The table after a change, made in steps of one pattern each. There are as many steps as patterns of the deployments
   * that changed.
   */
  *after(change: DeploymentChange): Steps<RouteTable> {
    const edit = this.#tree.edit()
    for (const deployment of change.replaced) yield* remove(edit, deployment)
    for (const deployment of change.started) yield* add(edit, deployment)
    // Last: a new version mostly has the patterns of the old one, whose nodes can then stay.
    for (const deployment of change.ended) yield* remove(edit, deployment)
    const variants =
      variantPatterns(change.started) - variantPatterns(change.replaced) - variantPatterns(change.ended)
    const loose = yield* this.#loose.after(change)
    return new RouteTable(edit.end(), loose, this.#variantPatterns + variants)
  }

  find(method: string, path: string): Route | null | Ambiguous {
    const decoded = decodedPath(path)
    return decoded === null ? null : this.#tree.find(method, decoded)
  }

  mayReachOther(route: Route, method: string, path: string, isPlain: boolean): boolean {
    if (!route.isDynamic || (isPlain && this.#variantPatterns === 0)) return false
    return (
      this.#isOtherBySlash(route, method, path) || this.#loose.mayReachOther(route.deployment, method, path)
    )
  }

  /** Whether `**` matches a path that with or without a final slash belongs to another, guarded route, such as `/a/*`. */
  #isOtherBySlash({ pattern, deployment }: Route, method: string, path: string): boolean {
    if (!pattern.endsWith('/**')) return false
    const other = this.find(method, path.endsWith('/') ? path.slice(0, -1) : `${path}/`)
    if (other === AMBIGUOUS) return true
    return other !== null && other.deployment !== deployment && isGuarded(other.deployment)
  }

  /**
   * The same for the route of a table whose routes are preferred to all of this table. Only what no pattern of its deployment
   * covers can be reached here.
   */
  mayBeReachedBelow(route: Route, method: string, path: string, isPlain: boolean): boolean {
    if (!route.isDynamic || (isPlain && this.#variantPatterns === 0)) return false
    return this.#loose.mayReachUncovered(route.deployment, method, path)
  }

  methodsOf(path: string): string[] {
    const decoded = decodedPath(path)
    return decoded === null ? [] : this.#tree.methodsOf(decoded)
  }
}

/**
 * The path with encoded characters decoded, except those that separate parts of a URL; null if the encoding is broken, or
 * for `*` (RFC 9112 section 3.2.4).
 */
function decodedPath(path: string): string | null {
  if (!path.startsWith('/')) return null
  if (!path.includes('%')) return path
  try {
    return decodeURI(path.replaceAll('%25', '%2525'))
  } catch {
    return null
  }
}

// Text with parameters in it stays.
const DYNAMIC = /(?<=\/)(?::[^/]*|\*{1,2}$)|\{[^{}]*\}/g

function variantPatterns(deployments: readonly DeploymentRecord[]): number {
  let patterns = 0
  for (const { spec } of deployments) {
    for (const { pattern } of routePatterns(spec.trigger)) {
      if (mayHavePlainVariants(pattern)) patterns += 1
    }
  }
  return patterns
}

/** Whether a plain path can be a variant of those that a pattern matches: of `/a/` in `/a/*`, the path `/a` is one. */
function mayHavePlainVariants(pattern: string): boolean {
  return /.\/\*$/.test(pattern) || !isPlainPath(pattern.replace(DYNAMIC, 'x'))
}

function* add(edit: RouteTreeEdit<Route>, deployment: DeploymentRecord): Steps<void> {
  for (const { pattern, methods } of routePatterns(deployment.spec.trigger)) {
    edit.add(pattern, deployment.id, methods, makeRoute(deployment, pattern))
    yield
  }
}

function* remove(edit: RouteTreeEdit<Route>, { id, spec }: DeploymentRecord): Steps<void> {
  for (const { pattern } of routePatterns(spec.trigger)) {
    edit.remove(pattern, id)
    yield
  }
}

function makeRoute(deployment: DeploymentRecord, pattern: string): Route {
  const isDynamic = routeSegments(pattern).some(({ kind }) => kind !== 'text')
  return { deployment, pattern, isDynamic, fact: { kind: 'found', deployment } }
}
