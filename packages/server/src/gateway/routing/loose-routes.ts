import {
  coversPattern,
  looseSegments,
  routePatterns,
  routeSegments,
  type DeploymentRecord,
  type RoutePattern,
  type RouteSegment,
} from '@sallyport/core'
import type { DeploymentChange } from './deployment-change.ts'
import { servesMethod } from './route-lookup.ts'
import { AMBIGUOUS, RouteTree, type RouteTreeEdit } from './route-tree.ts'
import type { Steps } from './steps.ts'

/** The routes of a deployment that have one loose form. */
interface LooseRoute {
  readonly deployment: DeploymentRecord
  readonly routes: readonly RoutePattern[]
}

/**
 * The routes of a table as the most lenient servers tell them apart, see `looseSegments`. The route table itself
 * is exact, so `/Admin` does not match the route `/admin` and falls through to a wildcard beside it. If the server
 * behind the wildcard reads `/Admin` as `/admin`, callers would reach it without the credentials of `/admin`.
 *
 * Immutable, and derived from the routes before a change at the cost of the change, like the exact routes.
 */
export class LooseRoutes {
  static readonly NONE: LooseRoutes = new LooseRoutes(RouteTree.empty())

  readonly #tree: RouteTree<LooseRoute>

  private constructor(tree: RouteTree<LooseRoute>) {
    this.#tree = tree
  }

  /** The routes after a change, made in steps of one pattern each. */
  *after({ replaced, started, ended }: DeploymentChange): Steps<LooseRoutes> {
    const edit = this.#tree.edit()
    for (const deployment of replaced) yield* remove(edit, deployment)
    for (const deployment of started) yield* add(edit, deployment)
    for (const deployment of ended) yield* remove(edit, deployment)
    return new LooseRoutes(edit.end())
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
    return !found.some(isOf(matched)) && found.some(({ deployment }) => isGuarded(deployment))
  }

  /** The same, without the routes that a pattern of the matched deployment covers for this method. */
  mayReachUncovered(matched: DeploymentRecord, method: string, path: string): boolean {
    const found = this.#tree.findAll(method, loosePath(path))
    if (found === AMBIGUOUS) return true
    const guarded = found.filter(({ deployment }) => deployment !== matched && isGuarded(deployment))
    if (guarded.length === 0) return false
    const own = routePatterns(matched.spec.trigger).filter(({ methods }) => servesMethod(methods, method))
    return guarded.some(({ routes }) =>
      routes.some(({ pattern }) => !own.some((route) => coversPattern(route.pattern, pattern))),
    )
  }
}

function isOf(matched: DeploymentRecord): (route: LooseRoute) => boolean {
  return ({ deployment }) => deployment === matched
}

type Edit = RouteTreeEdit<LooseRoute>

function* add(edit: Edit, deployment: DeploymentRecord): Steps<void> {
  const added = new Map<string, readonly RoutePattern[]>()
  for (const route of routePatterns(deployment.spec.trigger)) {
    for (const loose of loosePatterns(route.pattern)) {
      // Patterns of one deployment can have the same loose form, and each its own methods.
      const before = added.get(loose)
      const routes = before === undefined ? [route] : [...before, route]
      const methods =
        before === undefined ? route.methods : [...new Set(routes.flatMap((one) => one.methods))]
      if (before !== undefined) edit.remove(loose, deployment.id)
      edit.add(loose, deployment.id, methods, { deployment, routes })
      added.set(loose, routes)
    }
    yield
  }
}

function* remove(edit: Edit, deployment: DeploymentRecord): Steps<void> {
  for (const { pattern } of routePatterns(deployment.spec.trigger)) {
    for (const loose of loosePatterns(pattern)) edit.remove(loose, deployment.id)
    yield
  }
}

// Most paths and patterns differ from their loose form at most by upper case and a slash at the end.
const SIMPLE_PATH = /^(?:\/[a-z0-9_-]+)+\/?$/i
const SIMPLE_PATTERN = /^(?:\/:?[a-z0-9_-]+)+$/i

/** A path of which two are equal if a lenient server can read them as the same. It ends with a slash. */
function loosePath(path: string): string {
  if (SIMPLE_PATH.test(path)) return path.endsWith('/') ? path.toLowerCase() : `${path.toLowerCase()}/`
  return textOf(looseSegments(path))
}

/** The patterns that match the loose form of each path that the pattern matches, or that could be read as one of them. */
function loosePatterns(pattern: string): readonly string[] {
  if (SIMPLE_PATTERN.test(pattern)) return [`${pattern.toLowerCase()}/`]
  const segments = routeSegments(pattern)
  const text = textOf(segments.flatMap(looseSegment))
  const last = segments.at(-1)?.kind
  if (last === 'rest') return [`${text}*`]
  // The path itself is as exact as that of a route without a wildcard, and is preferred to `/*` beside it.
  return last === 'subtree' ? [text, `${text}**`] : [text]
}

// A private-use character stands for a parameter: the text of a route is ASCII.
const VALUE = '\ue000'

/** A segment of a pattern in the loose form; none for a wildcard. */
function looseSegment(segment: RouteSegment): string[] {
  switch (segment.kind) {
    case 'text':
      return looseSegments(segment.text)
    case 'parameter':
      return [`:${segment.name}`]
    case 'parts':
      // Text that lenient servers ignore can be gone, and parameters with it.
      return looseSegments(segment.texts.join(VALUE)).map((text) => text.replaceAll(VALUE, '{value}'))
    case 'rest':
    case 'subtree':
      return []
  }
}

function textOf(segments: readonly string[]): string {
  return `/${segments.map((segment) => `${segment}/`).join('')}`
}

/** Whether a deployment refuses some callers for who they are, or for where they come from. */
export function isGuarded({ spec }: DeploymentRecord): boolean {
  const { authentication, addressRules = [] } = spec.trigger
  const { apiKey, jwt, basic } = authentication
  return apiKey || jwt || basic || addressRules.length > 0
}
