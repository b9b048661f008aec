import type { DeploymentRecord, EnvironmentView, RouteFact } from '@sallyport/core'

/**
 * The route to the newest live major of a pipeline that has the method.
 *
 * @param method in upper case; undefined for any
 */
export function newestRoute(
  environment: EnvironmentView | undefined,
  pipeline: string,
  method: string | undefined,
): RouteFact {
  const live = [...(environment?.deployments.values() ?? [])].filter(
    (deployment) => deployment.pipeline === pipeline,
  )
  if (live.length === 0) return { kind: 'not_found' }
  const serving = method === undefined ? live : live.filter((deployment) => serves(deployment, method))
  const newest = serving.toSorted((left, right) => majorOf(right) - majorOf(left))[0]
  if (newest !== undefined) return { kind: 'found', deployment: newest }
  return { kind: 'method_not_allowed', allowed: live.flatMap(({ spec }) => spec.trigger.methods) }
}

/** GET implies HEAD (RFC 9110 section 9.3.2). */
function serves({ spec }: DeploymentRecord, method: string): boolean {
  const { methods } = spec.trigger
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}

function majorOf({ version }: DeploymentRecord): number {
  return Number.parseInt(version, 10)
}
