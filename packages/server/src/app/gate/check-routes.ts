import type { PipelineSpec, Violation } from '@sallyport/core'
import {
  hostsOf,
  isExposing,
  methodsOfPath,
  patternsOf,
  routePathProblem,
  routeShape,
  versionText,
  writtenIndex,
} from '@sallyport/core'
import type { LiveRoutes } from '../../store/port/deployments.ts'

/** Paths below an environment that the gateway itself serves. */
const RESERVED_ROUTES: ReadonlySet<string> = new Set(['/.well-known/jwks.json', '/.well-known/openapi.json'])

/**
 * The problems of the routes of a version, including conflicts with live routes.
 *
 * @param others the live deployments that it must not conflict with
 * @param hidden the ids of those that are not named
 */
export function routeViolations(
  spec: PipelineSpec,
  environment: string,
  others: readonly LiveRoutes[],
  hidden: ReadonlySet<string>,
): Violation[] {
  const { trigger } = spec
  const { kind, paths, trailingSlash } = trigger
  if (!isExposing(kind)) return []
  const violations: Violation[] = []
  if (trigger.methods.length === 0) {
    violations.push({
      rule: 'methods-missing',
      environment,
      path: '/trigger/methods',
      required: 'at least one method',
      found: 'none',
      fix: 'List the methods that callers use, such as GET.',
    })
  }
  const live = liveRoutes(others, hidden)
  const seen = new Map<string, string>()
  for (const [index, listed] of paths.entries()) {
    const path = routePointer(writtenIndex(trigger, index))
    const methods = methodsOfPath(trigger, listed)
    const problem = routePathProblem(listed)
    if (problem !== undefined) {
      violations.push({
        rule: 'route-invalid',
        environment,
        path,
        required: problem,
        found: listed,
        fix: 'Correct the path.',
      })
      continue
    }
    if (RESERVED_ROUTES.has(listed)) {
      violations.push({
        rule: 'route-reserved',
        environment,
        path,
        required: 'a path that the gateway itself does not serve',
        found: listed,
        fix: 'Choose another path.',
      })
    }
    for (const route of patternsOf(listed, trailingSlash)) {
      const shape = routeShape(route)
      const earlier = seen.get(shape)
      if (earlier !== undefined) {
        violations.push({
          rule: 'route-duplicate',
          environment,
          path,
          required: 'no two routes that match the same requests',
          found: `${listed} matches the same requests as ${earlier}`,
          fix: earlier === listed ? `List each method of ${listed} in one route only.` : `Remove ${listed}.`,
        })
        break
      }
      seen.set(shape, listed)
      for (const host of hostsOf(trigger)) {
        for (const other of live.get(`${host}${shape}`) ?? []) {
          const common = other.methods.filter((method) => methods.includes(method))
          if (common.length === 0) continue
          const place = `${common.join(', ')} ${host}`
          violations.push({
            rule: 'route-conflict',
            environment,
            path,
            required: `no other deployment in ${environment} that serves ${place}${route}`,
            ...conflictTexts(other, `${place}${other.name === null ? route : other.route}`),
          })
        }
      }
    }
  }
  return violations
}

interface LiveRoute {
  /** `pipeline version`; null for one that is not named. */
  readonly name: string | null
  readonly route: string
  readonly methods: readonly string[]
}

/** What was found, and the fix. A hidden deployment gives away neither its name nor the names of its parameters. */
function conflictTexts({ name }: LiveRoute, served: string): Pick<Violation, 'found' | 'fix'> {
  return name === null
    ? {
        found: `a deployment that you may not see serves ${served}`,
        fix: 'Choose another path or other methods.',
      }
    : {
        found: `${name} serves ${served}`,
        fix: `Choose another path or other methods, or remove the deployment of ${name} first.`,
      }
}

function liveRoutes(
  deployments: readonly LiveRoutes[],
  hidden: ReadonlySet<string>,
): ReadonlyMap<string, readonly LiveRoute[]> {
  const routes = new Map<string, LiveRoute[]>()
  for (const deployment of deployments) {
    const { paths } = deployment.routes
    const name = hidden.has(deployment.id) ? null : `${deployment.pipeline} ${versionText(deployment)}`
    for (const route of paths) {
      const shape = routeShape(route)
      const methods = methodsOfPath(deployment.routes, route)
      for (const host of hostsOf(deployment.routes)) {
        const key = `${host}${shape}`
        routes.set(key, [...(routes.get(key) ?? []), { name, route, methods }])
      }
    }
  }
  return routes
}

/** The JSON Pointer to a route in the spec as the developer wrote it; index 0 is the main path. */
function routePointer(index: number): string {
  return index === 0 ? '/trigger/path' : `/trigger/routes/${index - 1}`
}
