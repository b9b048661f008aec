import { looseSegments, type DeploymentRecord } from '@sallyport/core'
import { AMBIGUOUS, RouteTree, type RouteChange } from './route-tree.ts'

/** How an environment's deployments change. */
export interface DeploymentChange {
  /** Former states of deployments in `started`. */
  readonly replaced: readonly DeploymentRecord[]
  readonly started: readonly DeploymentRecord[]
  readonly ended: readonly DeploymentRecord[]
}

/**
 * The routes of an environment as the most lenient servers tell them apart, see `looseSegments`. The route table itself
 * is exact, so `/Admin` does not match the route `/admin` and falls through to a wildcard beside it. If the server
 * behind the wildcard reads `/Admin` as `/admin`, callers would reach it without the credentials of `/admin`.
 *
 * Immutable, and derived from the routes before a change at the cost of the change, like the exact routes.
 */
export class LooseRoutes {
  readonly #tree: RouteTree<DeploymentRecord>

  private constructor(tree: RouteTree<DeploymentRecord>) {
    this.#tree = tree
  }

  static readonly NONE: LooseRoutes = new LooseRoutes(RouteTree.empty())

  /** The routes after a change. */
  after({ replaced, started, ended }: DeploymentChange): LooseRoutes {
    return new LooseRoutes(
      this.#tree.changed((change) => {
        for (const deployment of replaced) remove(change, deployment)
        for (const deployment of started) add(change, deployment)
        for (const deployment of ended) remove(change, deployment)
      }),
    )
  }

  /**
   * Whether a lenient server could read a path as that of a guarded route of another deployment. True if that would take
   * too long.
   *
   * @param matched the deployment whose route matches the path exactly
   */
  mayReachOther(matched: DeploymentRecord, method: string, path: string): boolean {
    const found = this.#tree.findAll(method, loosePath(path))
    if (found === AMBIGUOUS) return true
    return !found.includes(matched) && found.some(isGuarded)
  }
}

function add(change: RouteChange<DeploymentRecord>, deployment: DeploymentRecord): void {
  const { methods, paths } = deployment.spec.trigger
  for (const pattern of paths) change.add(loosePattern(pattern), deployment.id, methods, deployment)
}

function remove(change: RouteChange<DeploymentRecord>, deployment: DeploymentRecord): void {
  for (const pattern of deployment.spec.trigger.paths) change.remove(loosePattern(pattern), deployment.id)
}

// Most paths and patterns differ from their loose form at most by upper case and a slash at the end.
const SIMPLE_PATH = /^(?:\/[a-z0-9_-]+)+\/?$/i
const SIMPLE_PATTERN = /^(?:\/:?[a-z0-9_-]+)+$/i

/** A path of which two are equal if a lenient server can read them as the same. It ends with a slash. */
function loosePath(path: string): string {
  if (SIMPLE_PATH.test(path)) return path.endsWith('/') ? path.toLowerCase() : `${path.toLowerCase()}/`
  return textOf(looseSegments(path))
}

/** The pattern that matches the loose form of each path that the pattern matches, or that could be read as one of them. */
function loosePattern(pattern: string): string {
  if (SIMPLE_PATTERN.test(pattern)) return `${pattern.toLowerCase()}/`
  const isWildcard = pattern.endsWith('/*')
  const segments = (isWildcard ? pattern.slice(0, -2) : pattern).split('/')
  const text = textOf(
    segments.flatMap((segment) => (segment.startsWith(':') ? [segment] : looseSegments(segment))),
  )
  return isWildcard ? `${text}*` : text
}

function textOf(segments: readonly string[]): string {
  return `/${segments.map((segment) => `${segment}/`).join('')}`
}

function isGuarded({ spec }: DeploymentRecord): boolean {
  const { apiKey, jwt, basic } = spec.trigger.authentication
  return apiKey || jwt || basic
}
