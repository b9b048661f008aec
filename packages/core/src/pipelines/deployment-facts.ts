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
  readonly acceptsPublicKeys: boolean
  readonly allowsEncodedSlashes: boolean
  /** The `proxy` and `call` steps, in order. */
  readonly upstreams: readonly UpstreamFacts[]
  /** The longest lifetime of a JWT that the deployment mints, in seconds; 0 if it mints none. */
  readonly tokenSecondsMax: number
}

export interface UpstreamFacts {
  /** The URL template. */
  readonly url: string
  /** The method of a `call`; null for a `proxy`, which passes on the caller's. */
  readonly method: string | null
}

/** The part of a version that policies check. */
export function policySubject({ trigger, steps }: PipelineSpec): PolicySubject {
  const { kind, authentication, login } = trigger
  return { trigger: { kind, authentication, login }, stepKinds: steps.map((step) => step.kind) }
}

export function deploymentFacts(spec: PipelineSpec): DeploymentFacts {
  const { methods, paths, acceptsPublicKeys } = spec.trigger
  const allowsEncodedSlashes = spec.trigger.encodedSlashes === 'allow'
  const upstreams: UpstreamFacts[] = []
  let tokenSecondsMax = 0
  for (const step of spec.steps) {
    if (step.kind === 'proxy') upstreams.push({ url: step.url, method: null })
    if (step.kind === 'call') upstreams.push({ url: step.url, method: step.method })
    if (step.kind === 'jwt.generate') tokenSecondsMax = Math.max(tokenSecondsMax, step.expiresInSeconds)
  }
  const routes = { methods, paths, acceptsPublicKeys, allowsEncodedSlashes, upstreams, tokenSecondsMax }
  return { subject: policySubject(spec), routes }
}
