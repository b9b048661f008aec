import type { Trigger } from './pipeline-spec.ts'

type Routes = Pick<Trigger, 'paths' | 'trailingSlash' | 'methods' | 'routeMethods'>

/** A route pattern and what it serves. */
export interface RoutePattern {
  readonly pattern: string
  /** The path of the trigger that it comes from. */
  readonly path: string
  readonly methods: readonly string[]
}

/** All route patterns of a trigger: its paths, each with its form with or without a final slash where both count. */
export function routePatterns(trigger: Routes): RoutePattern[] {
  return trigger.paths.flatMap((path) => {
    const methods = methodsOfPath(trigger, path)
    return patternsOf(path, trigger.trailingSlash).map((pattern) => ({ pattern, path, methods }))
  })
}

/** The route patterns of one of a trigger's paths. A wildcard and `/` have no other form. */
export function patternsOf(path: string, trailingSlash: Trigger['trailingSlash']): readonly string[] {
  if (trailingSlash !== 'optional' || path === '/' || path.endsWith('*')) return [path]
  return [path, path.endsWith('/') ? path.slice(0, -1) : `${path}/`]
}

/** The methods of one of a trigger's paths. */
export function methodsOfPath(
  { methods, routeMethods }: Pick<Routes, 'methods' | 'routeMethods'>,
  path: string,
): readonly string[] {
  return routeMethods?.[path] ?? methods
}
