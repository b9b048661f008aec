import {
  type PipelineSpec,
  type PolicyMode,
  policySubject,
  policyViolations,
  type Violation,
} from '@sallyport/core'
import type { LiveDeployment, LiveRoutes } from '../../store/port/deployments.ts'
import { hostViolations, type ServedHosts } from './check-hosts.ts'
import { promotionViolations, type PreviousEnvironment } from './check-promotion.ts'
import { expressionViolations } from './check-expressions.ts'
import { routeViolations } from './check-routes.ts'
import { scheduleViolations } from './check-schedule.ts'
import { stepViolations } from './check-steps.ts'
import { tlsViolations } from './check-tls.ts'
import { urlViolations } from './check-urls.ts'

/** A version to deploy, and the state of its environment. */
export interface GateInput {
  readonly pipeline: string
  readonly major: number
  readonly spec: PipelineSpec
  readonly environment: string
  /** Of the spec, such as `1.3`. */
  readonly version: string
  /** Where the version must be live; null if nowhere. */
  readonly previous: PreviousEnvironment | null
  /** The current policy mode of the environment. */
  readonly mode: PolicyMode
  /** The live deployment that the version replaces, and those that share a claim with it, see `claimsOf`. */
  readonly live: readonly LiveRoutes[]
  /** The ids of those whose names the actor must not learn. */
  readonly hidden: ReadonlySet<string>
  /** The names of the environment's secrets. */
  readonly secretNames: ReadonlySet<string>
  /** The values of the environment's variables, by name. */
  readonly variables: ReadonlyMap<string, string>
  readonly servedHosts: ServedHosts
}

/** The live deployment that a version replaces: a minor replaces a minor; majors are live side by side. */
export function replacedBy<Live extends Pick<LiveDeployment, 'pipeline' | 'major'>>(input: {
  readonly pipeline: string
  readonly major: number
  readonly live: readonly Live[]
}): Live | undefined {
  return input.live.find((row) => row.pipeline === input.pipeline && row.major === input.major)
}

/** Every reason why a version must not be deployed; empty if it may be. */
export function gateViolations(input: GateInput): Violation[] {
  const replaced = replacedBy(input)
  const others = input.live.filter((row) => row !== replaced)
  return [
    ...promotionViolations(input.version, input.environment, input.previous),
    ...policyViolations(input.mode, input.environment, policySubject(input.spec)),
    ...routeViolations(input.spec, input.environment, others, input.hidden),
    ...hostViolations(input.spec, input.environment, input.servedHosts),
    ...scheduleViolations(input.spec.trigger, input.environment),
    ...stepViolations(input.spec, input.environment),
    ...urlViolations(input.spec, input.environment, input.secretNames, input.variables),
    ...tlsViolations(input.spec, input.environment),
    ...expressionViolations(input.spec, input.environment),
  ]
}
