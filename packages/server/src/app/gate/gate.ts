import type { PipelineSpec, PolicyMode, PolicySubject, Violation } from '@sallyport/core'
import { policyViolations } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import { expressionViolations } from './check-expressions.ts'
import { routeViolations } from './check-routes.ts'
import { scheduleViolations } from './check-schedule.ts'
import { stepViolations } from './check-steps.ts'
import { urlViolations } from './check-urls.ts'

/** What is to go live, and where. */
export interface GateAsk {
  readonly pipeline: string
  readonly major: number
  readonly spec: PipelineSpec
  readonly environment: string
  /** What the environment demands today. */
  readonly mode: PolicyMode
  /** Everything that is live there. */
  readonly live: readonly DeploymentRow[]
  /** The secrets that it has. */
  readonly secretNames: ReadonlySet<string>
}

/** The part of a version that a policy looks at. */
export function policySubject(spec: PipelineSpec): PolicySubject {
  return { trigger: spec.trigger, stepKinds: spec.steps.map((step) => step.kind) }
}

/** The live deployment whose place a version takes: a minor replaces a minor, majors live side by side. */
export function replacedBy(ask: Pick<GateAsk, 'pipeline' | 'major' | 'live'>): DeploymentRow | undefined {
  return ask.live.find((row) => row.pipeline === ask.pipeline && row.major === ask.major)
}

/** Every reason why a version must not go live; empty when it may. Data in, data out. */
export function gateViolations(ask: GateAsk): Violation[] {
  const replaced = replacedBy(ask)
  const others = ask.live.filter((row) => row !== replaced)
  return [
    ...policyViolations(ask.mode, ask.environment, policySubject(ask.spec)),
    ...routeViolations(ask.spec, ask.environment, others),
    ...scheduleViolations(ask.spec.trigger, ask.environment),
    ...stepViolations(ask.spec, ask.environment),
    ...urlViolations(ask.spec, ask.environment, ask.secretNames),
    ...expressionViolations(ask.spec, ask.environment),
  ]
}
