import type { RequestRules } from './request-rules.ts'

/** A path with methods of its own, and possibly rules. */
export interface WrittenRoute {
  readonly path: string
  readonly methods: readonly string[]
  /** What requests for these methods of the path must contain, instead of the trigger's `request`. */
  readonly request?: RequestRules
}

type Written = string | WrittenRoute

/** The fields of a completed trigger that its routes decide. */
export interface RouteFields {
  /** The trigger's `path` first, then its `routes`; `routePatterns` has their patterns. Empty for `schedule`. */
  readonly paths: readonly string[]
  /** The methods of any path. */
  readonly methods: readonly string[]
  /** By path, the methods of each path, if they differ. Left out like `encodedSlashes`: each has all `methods`. */
  readonly routeMethods?: Readonly<Record<string, readonly string[]>>
  /**
   * All routes as written, the main one first. Left out like `encodedSlashes`: no path is there several times, and `request`
   * holds for each.
   */
  readonly writtenRoutes?: readonly WrittenRoute[]
}

/** The distinct paths. Two routes of one path are one if no method is in both; else both stay, which the gate refuses. */
export function mergedPaths(methods: readonly string[], routes: readonly Written[]): string[] {
  const paths: string[] = []
  const taken = new Map<string, Set<string>>()
  for (const route of routes.map((written) => writtenRoute(methods, written))) {
    const before = taken.get(route.path)
    if (before === undefined || route.methods.some((method) => before.has(method))) paths.push(route.path)
    taken.set(route.path, new Set([...(before ?? []), ...route.methods]))
  }
  return paths
}

/** The methods of all paths, of each path if there are differences, and the routes if more than their paths counts. */
export function methodsOfRoutes(
  methods: readonly string[],
  routes: readonly Written[],
): Omit<RouteFields, 'paths'> {
  if (routes.every((route) => typeof route === 'string')) return { methods }
  const written = routes.map((route) => writtenRoute(methods, route))
  const byPath = new Map<string, readonly string[]>()
  for (const route of written) {
    byPath.set(route.path, [...new Set([...(byPath.get(route.path) ?? []), ...route.methods])])
  }
  return {
    methods: [...new Set([...byPath.values()].flat())],
    routeMethods: Object.fromEntries(byPath),
    ...((byPath.size < written.length || written.some(({ request }) => request !== undefined)) && {
      writtenRoutes: written,
    }),
  }
}

/**
 * The place of a path among the routes as written, the main one being 0.
 *
 * @param index of the path in `paths`
 */
export function writtenIndex({ paths, writtenRoutes }: RouteFields, index: number): number {
  if (writtenRoutes === undefined) return index
  const path = paths[index]
  const isAgain = paths.indexOf(path ?? '') < index
  return isAgain
    ? writtenRoutes.findLastIndex((route) => route.path === path)
    : writtenRoutes.findIndex((route) => route.path === path)
}

function writtenRoute(methods: readonly string[], route: Written): WrittenRoute {
  return typeof route === 'string' ? { path: route, methods } : route
}
