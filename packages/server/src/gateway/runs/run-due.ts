import type { DeploymentRecord, EnvironmentView, Snapshot } from '@sallyport/core'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { runnableSteps } from './compile-steps.ts'
import { firstMessage } from '../message/message.ts'
import { RunClock } from './run-clock.ts'
import type { RunPlaces } from './run-slots.ts'
import { runSteps } from './run-steps.ts'
import type { StepTools } from '../steps/step-tools.ts'

/** How a scheduled run came out: `succeeded`, or the code of the problem that ended it. */
export interface DueOutcome {
  readonly outcome: string
}

/** A deployment whose time has come. */
export interface DueRun {
  readonly snapshot: Snapshot
  readonly environment: EnvironmentView
  readonly deployment: DeploymentRecord
  /** In milliseconds since 1970. */
  readonly dueAtMs: number
  /** What the log and upstreams know the run by. */
  readonly requestId: string
}

/** What a scheduled run needs. */
export interface DueParts {
  readonly tools: StepTools
  readonly places: RunPlaces
}

/** What steps see in place of a request's method. */
const METHOD = 'SCHEDULE'

/**
 * Runs a deployment's steps because its time has come. Nobody called, so nobody is answered: the message starts with
 * the due time, `{"dueAt": …}` in RFC 3339, as its body, and ends with the last step.
 *
 * @returns always, whatever happens on the way
 */
export async function runDue(due: DueRun, { tools, places }: DueParts): Promise<DueOutcome> {
  const { snapshot, environment, deployment: record, dueAtMs, requestId } = due
  const deployment = compileDeployment(record)
  const { step, trigger } = deployment
  const about = { requestId, organization: record.organization, environment: record.environment }
  if (step.kind !== 'run' || step.closing !== null) {
    tools.logger.error({ ...about, pipeline: record.pipeline }, 'a deployment cannot be run without a caller')
    return { outcome: 'internal' }
  }
  using place = places.enter(deployment.counterPrefix)
  if (place === undefined) return { outcome: 'unavailable' }
  using clock = new RunClock(trigger.timeoutMs)
  try {
    const identity = {
      organization: record.organization,
      consumer: null,
      consumerId: null,
      keyId: null,
      claims: null,
    }
    const body = JSON.stringify({ dueAt: new Date(dueAtMs).toISOString() })
    const outcome = await runSteps(runnableSteps(step), firstMessage(NO_REQUEST, identity, body), {
      tools,
      snapshot,
      environment,
      deployment,
      requestId,
      pattern: '',
      address: () => NO_ADDRESS,
      signal: clock.signal,
    })
    if (outcome === 'gone') return { outcome: 'unavailable' }
    return { outcome: 'problem' in outcome ? outcome.problem.code : 'succeeded' }
  } catch (err) {
    tools.logger.error({ ...about, pipeline: record.pipeline, err }, 'a scheduled run failed on our side')
    return { outcome: 'internal' }
  }
}

const NO_REQUEST = { method: METHOD, path: '', params: new Map(), query: new Map(), headers: new Map() }
/** Schedules share one turn among those whose passwords are verified. */
const NO_ADDRESS = '::'
