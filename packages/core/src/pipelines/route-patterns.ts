import type { Trigger } from './pipeline-spec.ts'

type Routes = Pick<Trigger, 'paths' | 'trailingSlash'>

/** All route patterns of a trigger: its paths, each with its form with or without a final slash where both count. */
export function routePatterns({ paths, trailingSlash }: Routes): readonly string[] {
  return trailingSlash === 'optional' ? paths.flatMap((path) => patternsOf(path, trailingSlash)) : paths
}

/** The route patterns of one of a trigger's paths. A wildcard and `/` have no other form. */
export function patternsOf(path: string, trailingSlash: Trigger['trailingSlash']): readonly string[] {
  if (trailingSlash !== 'optional' || path === '/' || path.endsWith('*')) return [path]
  return [path, path.endsWith('/') ? path.slice(0, -1) : `${path}/`]
}
