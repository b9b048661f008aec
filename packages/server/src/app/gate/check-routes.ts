import type { PipelineSpec, Violation } from '@sallyport/core'
import { isExposing, routePathProblem, routeShape } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import { versionText } from '../pipelines/versions.ts'

/** Paths below an environment at which the gateway answers by itself. */
const RESERVED_ROUTES: ReadonlySet<string> = new Set(['/.well-known/jwks.json'])

/** What is wrong with the routes of a version, in themselves and beside those that are live. */
export function routeViolations(
  spec: PipelineSpec,
  environment: string,
  others: readonly DeploymentRow[],
): Violation[] {
  const { kind, paths, methods } = spec.trigger
  if (!isExposing(kind)) return []
  const violations: Violation[] = []
  if (methods.length === 0) {
    violations.push({
      rule: 'methods-missing',
      environment,
      path: '/trigger/methods',
      required: 'at least one method',
      found: 'none',
      fix: 'Name the methods that callers use, such as GET.',
    })
  }
  const live = liveRoutes(others)
  const seen = new Map<string, number>()
  for (const [index, route] of paths.entries()) {
    const path = routePointer(index)
    const shape = routeShape(route)
    const problem = routePathProblem(route)
    if (problem !== undefined) {
      violations.push({
        rule: 'route-invalid',
        environment,
        path,
        required: problem,
        found: route,
        fix: 'Correct the path.',
      })
      continue
    }
    if (RESERVED_ROUTES.has(route)) {
      violations.push({
        rule: 'route-reserved',
        environment,
        path,
        required: 'a path that the gateway does not answer by itself',
        found: route,
        fix: 'Choose another path.',
      })
    }
    const twin = seen.get(shape)
    if (twin !== undefined) {
      violations.push({
        rule: 'route-duplicate',
        environment,
        path,
        required: 'each route once',
        found: `${route} matches the same requests as ${paths[twin] ?? route}`,
        fix: `Remove ${route}.`,
      })
      continue
    }
    seen.set(shape, index)
    for (const other of live.get(shape) ?? []) {
      const common = other.methods.filter((method) => methods.includes(method))
      if (common.length === 0) continue
      violations.push({
        rule: 'route-conflict',
        environment,
        path,
        required: `${common.join(', ')} ${route} not served by another deployment in ${environment}`,
        found: `${other.name} answers ${common.join(', ')} ${other.route}`,
        fix: `Choose another path or other methods, or take the deployment of ${other.name} down first.`,
      })
    }
  }
  return violations
}

interface LiveRoute {
  /** `pipeline version`. */
  readonly name: string
  readonly route: string
  readonly methods: readonly string[]
}

function liveRoutes(deployments: readonly DeploymentRow[]): ReadonlyMap<string, readonly LiveRoute[]> {
  const routes = new Map<string, LiveRoute[]>()
  for (const deployment of deployments) {
    const { paths, methods } = deployment.spec.trigger
    const name = `${deployment.pipeline} ${versionText(deployment)}`
    for (const route of paths) {
      const shape = routeShape(route)
      routes.set(shape, [...(routes.get(shape) ?? []), { name, route, methods }])
    }
  }
  return routes
}

/** Where a route stands in the spec as the developer wrote it: the main path comes first. */
function routePointer(index: number): string {
  return index === 0 ? '/trigger/path' : `/trigger/routes/${index - 1}`
}
