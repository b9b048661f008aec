import type { PipelineSpec } from './pipeline-spec.ts'
import type { PolicySubject } from './policy.ts'

/**
 * What other operations need to know about a live deployment. It is stored beside the spec, which can have 256 KiB, so
 * that reading all live deployments of an environment is cheap.
 */
export interface DeploymentFacts {
  readonly subject: PolicySubject
  readonly routes: DeploymentRoutes
}

export interface DeploymentRoutes {
  readonly methods: readonly string[]
  /** Route patterns. */
  readonly paths: readonly string[]
  /** The URL templates of the `proxy` and `call` steps. */
  readonly upstreams: readonly string[]
  /** The longest lifetime of a JWT that the deployment mints, in seconds; 0 if it mints none. */
  readonly tokenSecondsMax: number
}

/** The part of a version that policies check. */
export function policySubject({ trigger, steps }: PipelineSpec): PolicySubject {
  const { kind, authentication, login } = trigger
  return { trigger: { kind, authentication, login }, stepKinds: steps.map((step) => step.kind) }
}

export function deploymentFacts(spec: PipelineSpec): DeploymentFacts {
  const { methods, paths } = spec.trigger
  const upstreams: string[] = []
  let tokenSecondsMax = 0
  for (const step of spec.steps) {
    if (step.kind === 'proxy' || step.kind === 'call') upstreams.push(step.url)
    if (step.kind === 'jwt.generate') tokenSecondsMax = Math.max(tokenSecondsMax, step.expiresInSeconds)
  }
  return { subject: policySubject(spec), routes: { methods, paths, upstreams, tokenSecondsMax } }
}
